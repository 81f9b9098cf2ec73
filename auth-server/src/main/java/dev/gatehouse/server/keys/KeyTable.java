package dev.gatehouse.server.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of signing keys. */
final class KeyTable {
    private final JdbcClient jdbc;

    private final String issuer;

    KeyTable(JdbcClient jdbc, String issuer) {
        this.jdbc = jdbc;
        this.issuer = issuer;
    }

    /** Waits until no other transaction changes this issuer's keys; ends with the transaction. */
    void lock() {
        jdbc.sql("select 1 from pg_advisory_xact_lock(hashtextextended('signing keys of ' || :issuer, 0))")
                .param("issuer", issuer)
                .query(Integer.class)
                .single();
    }

    /** The issuer's keys, in the order in which they are to sign. */
    List<StoredKey> all() {
        return jdbc.sql("""
                        select kid, issuer, algorithm, state, custody, sealed, created_at, activates_at, retired_at
                        from signing_keys where issuer = :issuer
                        order by algorithm, activates_at, created_at, kid
                        """).param("issuer", issuer).query(KeyTable::key).list();
    }

    void add(StoredKey key) {
        jdbc.sql("""
                        insert into signing_keys
                          (kid, issuer, algorithm, state, custody, sealed, created_at, activates_at, retired_at)
                        values (:kid, :issuer, :algorithm, :state, :custody, :sealed, :createdAt, :activatesAt, :retiredAt)
                        """)
                .param("kid", key.kid())
                .param("issuer", key.issuer())
                .param("algorithm", key.algorithm().value())
                .param("state", key.state().value())
                .param("custody", key.custody())
                .param("sealed", key.sealed().bytes())
                .param("createdAt", Timestamp.from(key.createdAt()))
                .param("activatesAt", Timestamp.from(key.activatesAt()))
                .param("retiredAt", timestamp(key.retiredAt()))
                .update();
    }

    void update(StoredKey key) {
        jdbc.sql("""
                        update signing_keys set state = :state, sealed = :sealed, activates_at = :activatesAt,
                          retired_at = :retiredAt
                        where kid = :kid
                        """)
                .param("kid", key.kid())
                .param("state", key.state().value())
                .param("sealed", key.sealed().bytes())
                .param("activatesAt", Timestamp.from(key.activatesAt()))
                .param("retiredAt", timestamp(key.retiredAt()))
                .update();
    }

    void delete(String kid) {
        jdbc.sql("delete from signing_keys where kid = :kid").param("kid", kid).update();
    }

    private static StoredKey key(ResultSet row, int number) throws SQLException {
        String algorithm = row.getString("algorithm");
        Timestamp retiredAt = row.getTimestamp("retired_at");
        return new StoredKey(
                row.getString("issuer"),
                row.getString("kid"),
                SigningAlgorithm.of(algorithm)
                        .orElseThrow(() -> new SQLException("unknown signature algorithm " + algorithm)),
                KeyState.of(row.getString("state")),
                row.getString("custody"),
                new StoredKey.Sealed(row.getBytes("sealed")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("activates_at").toInstant(),
                retiredAt == null ? null : retiredAt.toInstant());
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
