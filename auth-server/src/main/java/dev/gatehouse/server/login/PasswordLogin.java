package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.PasswordCheckBusy;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks a password within the limits.
 *
 * <p>A permit is taken before the check and given back when it succeeds: of many guesses at once no more than the limit are
 * checked, and honest logins cost nothing. Whether the name is known changes nothing here, neither the way taken nor the
 * answer.
 */
@Component
final class PasswordLogin {
    private final Accounts accounts;

    private final RateLimiter rateLimiter;

    private final LoginLimits limits;

    private final AuditLog auditLog;

    private final MeterRegistry metrics;

    PasswordLogin(
            Accounts accounts, RateLimiter rateLimiter, LoginLimits limits, AuditLog auditLog, MeterRegistry metrics) {
        this.accounts = accounts;
        this.rateLimiter = rateLimiter;
        this.limits = limits;
        this.auditLog = auditLog;
        this.metrics = metrics;
    }

    Outcome attempt(String username, Secret password, String address) {
        List<Bucket> buckets = limits.of(username, address);
        if (rateLimiter.acquire(buckets) instanceof RateLimiter.Limited limited) {
            record("limited", address, Optional.empty(), limited.limit().name());
            return new Limited(limited.retryAfter());
        }
        Optional<Account> account;
        try {
            account = accounts.authenticate(username, password);
        } catch (PasswordCheckBusy e) {
            rateLimiter.giveBack(buckets);
            record("busy", address, Optional.empty(), null);
            return new Busy();
        }
        if (account.isEmpty()) {
            record("bad-credentials", address, Optional.empty(), null);
            return new Failed();
        }
        rateLimiter.giveBack(buckets);
        record(SecurityEvent.SUCCESS, address, account, null);
        return new Succeeded(account.get());
    }

    private void record(String outcome, String address, Optional<Account> account, @Nullable String limit) {
        metrics.counter("gatehouse.logins", "outcome", outcome).increment();
        auditLog.record(SecurityEvent.of("login", outcome)
                .with("sub", account.map(Account::id).orElse(null))
                .with("address", address)
                .with("limit", limit));
    }

    /** How a login attempt ended. */
    sealed interface Outcome {}

    /** The password is the account's. */
    record Succeeded(Account account) implements Outcome {}

    /** It is not, or there is no such account, or it is disabled. */
    record Failed() implements Outcome {}

    /** Nothing was checked: too many attempts failed before. */
    record Limited(Duration retryAfter) implements Outcome {}

    /** Nothing was checked: the server has no processor time to spare for it. */
    record Busy() implements Outcome {}
}
