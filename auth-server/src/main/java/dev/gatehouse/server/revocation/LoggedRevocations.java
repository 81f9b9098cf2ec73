package dev.gatehouse.server.revocation;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Writes rules to the log, applies them here at once, and answers when they stand in PostgreSQL too and their effects are
 * done.
 */
final class LoggedRevocations implements Revocations {
    private static final int LONGEST_VALUE = 512;

    private final LogWriter log;

    private final RevocationReplica replica;

    private final OwnEntries own;

    private final RuleEffects effects;

    private final StoredRules stored;

    private final InstantSource clock;

    private final Duration longestToken;

    private final Duration skew;

    private final MeterRegistry meters;

    LoggedRevocations(
            LogWriter log,
            RevocationReplica replica,
            OwnEntries own,
            RuleEffects effects,
            StoredRules stored,
            InstantSource clock,
            Duration longestToken,
            Duration skew,
            MeterRegistry meters) {
        this.log = log;
        this.replica = replica;
        this.own = own;
        this.effects = effects;
        this.stored = stored;
        this.clock = clock;
        this.longestToken = longestToken;
        this.skew = skew;
        this.meters = meters;
    }

    @Override
    public LogPosition revokeToken(String jti, Instant expiresAt) {
        long expires = expiresAt.plusNanos(999_999_999).getEpochSecond();
        if (expires + skew.toSeconds() <= clock.instant().getEpochSecond()) {
            return replica.seen();
        }
        // Whoever holds a token may revoke it again and again: that must not fill the log.
        if (replica.isCurrent() && replica.rules().holds(RuleKind.JTI, jti, expires)) {
            stored.keep(new Rule(RuleKind.JTI.wire(), jti, null, expires));
            return replica.seen();
        }
        return write(RuleKind.JTI, jti, expires);
    }

    @Override
    public LogPosition revokeGrant(String grantId) {
        return write(RuleKind.GRANT_ID, grantId, untilEveryTokenExpired());
    }

    @Override
    public LogPosition revokeSession(String sid) {
        return write(RuleKind.SID, sid, untilEveryTokenExpired());
    }

    @Override
    public LogPosition revokeSubject(String subject) {
        return write(RuleKind.SUB, subject, untilEveryTokenExpired());
    }

    @Override
    public LogPosition revokeClient(String clientId) {
        return write(RuleKind.CLIENT_ID, clientId, untilEveryTokenExpired());
    }

    @Override
    public LogPosition revokeKey(String kid) {
        return write(RuleKind.KID, kid, untilEveryTokenExpired());
    }

    private long untilEveryTokenExpired() {
        return clock.instant().plus(longestToken).plus(skew).getEpochSecond();
    }

    private LogPosition write(RuleKind kind, String value, long expires) {
        if (value.isEmpty() || value.length() > LONGEST_VALUE) {
            throw new IllegalArgumentException("a rule's value has 1 to " + LONGEST_VALUE + " characters");
        }
        LogEntry entry = log.append(replica.seen(), kind, value, expires);
        own.add(entry.position());
        replica.hold(entry.rule());
        if (!replica.position().isBefore(entry.position())) {
            // The tail was quicker, and does not come by again.
            own.forget(entry.position());
        }
        try {
            stored.keep(entry.rule());
            see(entry.position());
            effects.apply(entry.rule());
        } catch (RuntimeException e) {
            effects.applyLater(entry.rule());
            throw e;
        }
        meters.counter("gatehouse.revocations", "kind", kind.wire()).increment();
        return entry.position();
    }

    private void see(LogPosition position) {
        if (replica.position().epoch() < position.epoch()) {
            stored.reach(position.epoch());
        }
        replica.see(position);
    }
}
