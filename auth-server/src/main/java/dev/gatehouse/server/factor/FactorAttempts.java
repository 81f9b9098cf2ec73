package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.web.IpAddresses;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks a second proof within limits of its own: guesses at passwords do not use them up, nor do those at another factor. A
 * permit is taken before the check and given back when it succeeds.
 */
@Component
public final class FactorAttempts {
    private final RateLimiter rateLimiter;

    private final FactorProperties properties;

    private final AuditLog auditLog;

    private final MeterRegistry metrics;

    FactorAttempts(RateLimiter rateLimiter, FactorProperties properties, AuditLog auditLog, MeterRegistry metrics) {
        this.rateLimiter = rateLimiter;
        this.properties = properties;
        this.auditLog = auditLog;
        this.metrics = metrics;
    }

    /**
     * Checks it within the limits.
     *
     * @param proof checks what the person brings; asked at most once
     */
    public Outcome attempt(String factor, Account account, String address, BooleanSupplier proof) {
        List<Bucket> buckets = List.of(
                new Bucket(properties.address().limit(), IpAddresses.customer(address)),
                new Bucket(properties.account().limit(), factor + " " + account.id()));
        if (rateLimiter.acquire(buckets) instanceof RateLimiter.Limited limited) {
            record(factor, "limited", account, address, limited.limit().name());
            return new Limited(limited.retryAfter());
        }
        if (!proof.getAsBoolean()) {
            record(factor, "bad-proof", account, address, null);
            return new Wrong();
        }
        rateLimiter.giveBack(buckets);
        record(factor, SecurityEvent.SUCCESS, account, address, null);
        return new Passed();
    }

    private void record(String factor, String outcome, Account account, String address, @Nullable String limit) {
        metrics.counter("gatehouse.factors", "factor", factor, "outcome", outcome)
                .increment();
        auditLog.record(SecurityEvent.of("login.factor", outcome)
                .with("factor", factor)
                .with("sub", account.id())
                .with("address", address)
                .with("limit", limit));
    }

    /** How it ended. */
    public sealed interface Outcome {}

    /** The proof is good. */
    public record Passed() implements Outcome {}

    /** It is not. */
    public record Wrong() implements Outcome {}

    /** Nothing was checked: too many attempts failed before. */
    public record Limited(Duration retryAfter) implements Outcome {}
}
