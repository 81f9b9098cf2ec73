package dev.gatehouse.server.keys;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of sealed signing keys. */
final class SealedKeys {
    private final JdbcClient jdbc;

    SealedKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The issuer's keys: the active one first, then the newest. */
    List<SealedKey> of(String issuer) {
        return jdbc.sql("""
                        select kid, state, sealed from signing_keys where issuer = :issuer
                        order by state = 'active' desc, created_at desc, kid
                        """)
                .param("issuer", issuer)
                .query((row, _) -> new SealedKey(
                        issuer, row.getString("kid"), KeyState.of(row.getString("state")), row.getBytes("sealed")))
                .list();
    }

    /** Adds the issuer's active key unless there is one: of any number of callers exactly one succeeds. */
    void addFirst(SealedKey key) {
        jdbc.sql("""
                        insert into signing_keys (kid, issuer, state, sealed)
                        values (:kid, :issuer, :state, :sealed)
                        on conflict (issuer) where state = 'active' do nothing
                        """)
                .param("kid", key.kid())
                .param("issuer", key.issuer())
                .param("state", key.state().value())
                .param("sealed", key.sealed())
                .update();
    }
}
