package dev.gatehouse.server.session;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code remembered_browsers}. The database's one clock decides what is over, however far the servers' clocks are apart.
 */
final class RememberedTable {
    private static final String LIVING = " expires_at > now() and rotated_at > now() - make_interval(secs => :idle) ";

    /** A login has one browser. What its cookie was before is still known for a moment, to requests that are under way. */
    private static final String KEEP = """
            insert into remembered_browsers (sid, account_id, generation, secret, rotated_at, auth_time, amr, begun_at, expires_at,
                address, device)
            values (:sid, :account, :generation, :secret, now(), :authTime, :amr, now(), now() + make_interval(secs => :lifetime),
                :address, :device)
            on conflict (sid) do update set generation = excluded.generation, previous = remembered_browsers.secret,
                secret = excluded.secret, rotated_at = now(), auth_time = excluded.auth_time, amr = excluded.amr,
                expires_at = excluded.expires_at, address = excluded.address, device = excluded.device
            """;

    /** Of many who show the same secret at once the first rotates it, and all are told the same. */
    private static final String ROTATE = """
            update remembered_browsers set
                previous = case when secret = :secret then secret else previous end,
                rotated_at = case when secret = :secret then now() else rotated_at end,
                address = case when secret = :secret then :address else address end,
                device = case when secret = :secret then :device else device end,
                secret = case when secret = :secret then :successor else secret end
            where sid = :sid and %s
            returning *, previous = :secret and rotated_at > now() - make_interval(secs => :grace) as known,
                secret = :successor as followed
            """.formatted(LIVING);

    private static final String BY_SID = "select * from remembered_browsers where sid = :sid and" + LIVING;

    private static final String BY_ACCOUNT =
            "select * from remembered_browsers where account_id = :account and" + LIVING;

    private final JdbcClient jdbc;

    private final Duration lifetime;

    private final Duration idle;

    private final Duration grace;

    RememberedTable(JdbcClient jdbc, Duration lifetime, Duration idle, Duration grace) {
        this.jdbc = jdbc;
        this.lifetime = lifetime;
        this.idle = idle;
        this.grace = grace;
    }

    /**
     * What was found under a sid.
     *
     * @param known whether the secret is the present one or was until a moment ago
     * @param followed whether the secret's successor is the present one
     */
    record Rotation(RememberedBrowser browser, boolean known, boolean followed) {}

    void keep(RememberedSecret remembered, LoginSession login, long generation, String address, Device device) {
        jdbc.sql("delete from remembered_browsers where expires_at <= now()").update();
        jdbc.sql(KEEP)
                .param("sid", remembered.sid())
                .param("account", UUID.fromString(login.accountId()))
                .param("generation", generation)
                .param("secret", remembered.digest())
                .param("authTime", OffsetDateTime.ofInstant(login.authTime(), ZoneOffset.UTC))
                .param("amr", login.amr().toArray(String[]::new))
                .param("lifetime", lifetime.toSeconds())
                .param("address", address)
                .param("device", device.text())
                .update();
    }

    Optional<Rotation> rotate(RememberedSecret remembered, RememberedSecret successor, String address, Device device) {
        return jdbc.sql(ROTATE)
                .param("sid", remembered.sid())
                .param("secret", remembered.digest())
                .param("successor", successor.digest())
                .param("address", address)
                .param("device", device.text())
                .param("idle", idle.toSeconds())
                .param("grace", grace.toSeconds())
                .query((row, number) ->
                        new Rotation(browser(row, number), row.getBoolean("known"), row.getBoolean("followed")))
                .optional();
    }

    Optional<RememberedBrowser> find(String sid) {
        return jdbc.sql(BY_SID)
                .param("sid", sid)
                .param("idle", idle.toSeconds())
                .query(RememberedTable::browser)
                .optional();
    }

    List<RememberedBrowser> of(UUID account) {
        return jdbc.sql(BY_ACCOUNT)
                .param("account", account)
                .param("idle", idle.toSeconds())
                .query(RememberedTable::browser)
                .list();
    }

    boolean forget(String sid) {
        return jdbc.sql("delete from remembered_browsers where sid = :sid")
                        .param("sid", sid)
                        .update()
                == 1;
    }

    private static RememberedBrowser browser(ResultSet row, int number) throws SQLException {
        return new RememberedBrowser(
                row.getString("sid"),
                row.getString("account_id"),
                row.getLong("generation"),
                instant(row, "auth_time"),
                Arrays.asList((String[]) row.getArray("amr").getArray()),
                Device.parse(row.getString("device")),
                row.getString("address"),
                instant(row, "begun_at"),
                instant(row, "rotated_at"),
                instant(row, "expires_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
