package dev.gatehouse.server.revocation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The rules in PostgreSQL, the second place in which each stands before it is acknowledged. Whatever happens to the log in
 * Redis, an issuer that reads both knows every acknowledged rule.
 */
final class StoredRules {
    /** So long after a rule has expired its effects can be repeated, on a Redis that came back with older data. */
    private static final Duration EFFECTS_KEPT = Duration.ofDays(1);

    private final JdbcClient jdbc;

    private final Duration skew;

    StoredRules(JdbcClient jdbc, Duration skew) {
        this.jdbc = jdbc;
        this.skew = skew;
    }

    /** Keeps the rule; with one that is there already, the later cut and the later expiry stand. */
    void keep(Rule rule) {
        LogPosition before = rule.before();
        jdbc.sql("""
                insert into revocation_rules as held (kind, value, before_epoch, before_seq, expires)
                values (:kind, :value, :epoch, :seq, :expires)
                on conflict (kind, value) do update set
                    (before_epoch, before_seq) = (select * from (values
                            (held.before_epoch, held.before_seq), (excluded.before_epoch, excluded.before_seq)) as cut (epoch, seq)
                        order by epoch desc, seq desc limit 1),
                    expires = greatest(held.expires, excluded.expires)
                where excluded.expires > held.expires
                    or (excluded.before_epoch, excluded.before_seq) > (held.before_epoch, held.before_seq)
                """)
                .param("kind", rule.kind())
                .param("value", rule.value())
                .param("epoch", before == null ? null : before.epoch())
                .param("seq", before == null ? null : before.seq())
                .param("expires", rule.expires())
                .update();
    }

    /** The rules that may still refuse a token. */
    List<Rule> inForce() {
        return since(skew);
    }

    /** The rules that may still refuse a token, and the last day's of those that have effects. */
    List<Rule> withPastEffects() {
        return since(EFFECTS_KEPT);
    }

    private List<Rule> since(Duration expired) {
        return jdbc.sql("""
                select kind, value, before_epoch, before_seq, expires from revocation_rules
                where expires > extract(epoch from now()) - :expired
                """)
                .param("expired", expired.toSeconds())
                .query((row, _) -> rule(row))
                .list();
    }

    private static Rule rule(ResultSet row) throws SQLException {
        long epoch = row.getLong("before_epoch");
        LogPosition before = row.wasNull() ? null : new LogPosition(epoch, row.getLong("before_seq"));
        return new Rule(row.getString("kind"), row.getString("value"), before, row.getLong("expires"));
    }

    /** The highest epoch that a token may carry. */
    long epoch() {
        return jdbc.sql("select epoch from revocation_epoch").query(Long.class).single();
    }

    /** Notes an epoch before any token carries it. */
    void reach(long epoch) {
        jdbc.sql("update revocation_epoch set epoch = :epoch where epoch < :epoch")
                .param("epoch", epoch)
                .update();
    }

    /** Drops what can neither refuse a token nor be needed for its effects. The database's clock decides, not ours. */
    @Scheduled(fixedRate = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void forgetExpired() {
        jdbc.sql("""
                delete from revocation_rules
                where expires < extract(epoch from now()) - :skew and kind not in (:grant, :session)
                    or expires < extract(epoch from now()) - :kept
                """)
                .param("skew", skew.toSeconds())
                .param("kept", EFFECTS_KEPT.toSeconds())
                .param("grant", RuleKind.GRANT_ID.wire())
                .param("session", RuleKind.SID.wire())
                .update();
    }
}
