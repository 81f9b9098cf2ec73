package dev.gatehouse.server.consent;

import dev.gatehouse.server.oauth.Scopes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Consents in the table {@code consents}; two that are given at once add up. */
@Component
final class JdbcConsents implements Consents {
    private static final String GRANT = """
            insert into consents (account_id, client_id, scopes, granted_at) values (?, ?, ?, ?)
            on conflict (account_id, client_id) do update set
                scopes = array(select distinct unnest(consents.scopes || excluded.scopes) order by 1),
                granted_at = excluded.granted_at
            """;

    private static final String GRANTED = "select scopes from consents where account_id = ? and client_id = ?";

    private static final String OF =
            "select client_id, scopes, granted_at from consents where account_id = ? order by granted_at desc";

    private static final String WITHDRAW = "delete from consents where account_id = ? and client_id = ?";

    private final JdbcTemplate jdbc;

    private final InstantSource clock;

    JdbcConsents(JdbcTemplate jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public Scopes granted(String accountId, String clientId) {
        return jdbc.query(GRANTED, JdbcConsents::scopes, UUID.fromString(accountId), clientId).stream()
                .findFirst()
                .orElse(Scopes.none());
    }

    private static Scopes scopes(ResultSet row, int number) throws SQLException {
        return Scopes.of(Arrays.asList((String[]) row.getArray("scopes").getArray()));
    }

    @Override
    public void grant(String accountId, String clientId, Scopes scopes) {
        String[] values = scopes.values().toArray(String[]::new);
        jdbc.update(GRANT, UUID.fromString(accountId), clientId, values, Timestamp.from(clock.instant()));
    }

    @Override
    public List<Consent> of(String accountId) {
        return jdbc.query(
                OF,
                (row, _) -> new Consent(
                        row.getString("client_id"),
                        scopes(row, 0),
                        row.getTimestamp("granted_at").toInstant()),
                UUID.fromString(accountId));
    }

    @Override
    public boolean withdraw(String accountId, String clientId) {
        return jdbc.update(WITHDRAW, UUID.fromString(accountId), clientId) > 0;
    }
}
