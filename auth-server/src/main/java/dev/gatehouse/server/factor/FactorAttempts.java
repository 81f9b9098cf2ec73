package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.web.IpAddresses;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
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
        return attempt("login.factor", factor, account, address, proof);
    }

    /**
     * The same for a factor that logs in by itself.
     *
     * @param claimed whose proof it claims to be, if anybody's
     */
    public Outcome attemptLogin(String factor, @Nullable Account claimed, String address, BooleanSupplier proof) {
        return attempt("login", factor, claimed, address, proof);
    }

    private Outcome attempt(
            String event, String factor, @Nullable Account account, String address, BooleanSupplier proof) {
        List<Bucket> buckets = new ArrayList<>();
        buckets.add(new Bucket(properties.address().limit(), factor + " " + IpAddresses.customer(address)));
        if (account != null) {
            buckets.add(new Bucket(properties.account().limit(), factor + " " + account.id()));
        }
        Attempt attempt = new Attempt(event, factor, account, address);
        if (rateLimiter.acquire(buckets) instanceof RateLimiter.Limited limited) {
            record(attempt, "limited", limited.limit().name());
            return new Limited(limited.retryAfter());
        }
        if (!proof.getAsBoolean()) {
            record(attempt, "bad-proof", null);
            return new Wrong();
        }
        rateLimiter.giveBack(buckets);
        record(attempt, SecurityEvent.SUCCESS, null);
        return new Passed();
    }

    /** What was tried, as it is written down. */
    private record Attempt(
            String event, String factor, @Nullable Account account, String address) {}

    private void record(Attempt attempt, String outcome, @Nullable String limit) {
        metrics.counter("gatehouse.factors", "factor", attempt.factor(), "outcome", outcome)
                .increment();
        Account account = attempt.account();
        auditLog.record(SecurityEvent.of(attempt.event(), outcome)
                .with("factor", attempt.factor())
                .with("sub", account == null ? null : account.id())
                .with("address", attempt.address())
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
