package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.ratelimit.Limit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What is written down about logins by password: a count of every one, and an event for each password that was checked. Of those
 * that were turned away unchecked the log gets ten a second for each reason, and with the next how many it did not get: a flood
 * must not fill anybody's disk.
 */
@Component
final class LoginEvents {
    private static final int MOST_A_SECOND = 10;

    private final AuditLog auditLog;

    private final MeterRegistry metrics;

    private final InstantSource clock;

    private final Map<String, Second> seconds = new ConcurrentHashMap<>();

    private final Counter limited;

    private final Counter busy;

    private volatile long floodUntil;

    LoginEvents(AuditLog auditLog, MeterRegistry metrics, InstantSource clock) {
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.clock = clock;
        this.limited = counter("limited");
        this.busy = counter("busy");
    }

    void succeeded(Account account, String address, boolean onKnownDevice) {
        counter(SecurityEvent.SUCCESS).increment();
        auditLog.record(
                of(SecurityEvent.SUCCESS, address).with("sub", account.id()).with("device", device(onKnownDevice)));
    }

    void failed(String address, boolean onKnownDevice) {
        counter("bad-credentials").increment();
        auditLog.record(of("bad-credentials", address).with("device", device(onKnownDevice)));
    }

    /** Whether many were turned away in this second or the last. */
    boolean isFlood() {
        return clock.instant().getEpochSecond() <= floodUntil;
    }

    /** Whether there are so many that not each is written down. */
    boolean limited(String address, Limit limit) {
        limited.increment();
        return sample(of("limited", address).with("limit", limit.name()), limit.name());
    }

    /** Whether there are so many that not each is written down. */
    boolean busy(String address) {
        busy.increment();
        return sample(of("busy", address), "busy");
    }

    private static SecurityEvent of(String outcome, String address) {
        return SecurityEvent.of("login", outcome).with("address", address);
    }

    private static String device(boolean isKnown) {
        return isKnown ? "known" : "new";
    }

    private Counter counter(String outcome) {
        return metrics.counter("gatehouse.logins", "outcome", outcome);
    }

    private boolean sample(SecurityEvent event, String reason) {
        long now = clock.instant().getEpochSecond();
        Second second = seconds.compute(reason, (_, before) -> Second.next(before, now));
        if (second.events() > MOST_A_SECOND) {
            floodUntil = now + 1;
            return true;
        }
        auditLog.record(second.leftOut() == 0 ? event : event.with("left_out", Long.toString(second.leftOut())));
        return false;
    }

    /**
     * How often something happened in one second.
     *
     * @param leftOut how many of the events before this one were not written
     */
    private record Second(long at, long events, long leftOut) {
        static Second next(@Nullable Second before, long now) {
            if (before == null) {
                return new Second(now, 1, 0);
            }
            boolean written = before.events <= MOST_A_SECOND;
            long leftOut = written ? 0 : before.leftOut + 1;
            return before.at == now ? new Second(now, before.events + 1, leftOut) : new Second(now, 1, leftOut);
        }
    }
}
