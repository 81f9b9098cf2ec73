package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.PasswordCheckBusy;
import dev.gatehouse.server.account.Turn;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.ratelimit.Limit;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
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
    private static final Limit FIRST_TURNS = new Limit("login-device-first", 120, 120, Duration.ofMinutes(1));

    private final Accounts accounts;

    private final RateLimiter rateLimiter;

    private final LoginLimits limits;

    private final StuffingWatch stuffing;

    private final LoginEvents events;

    PasswordLogin(
            Accounts accounts,
            RateLimiter rateLimiter,
            LoginLimits limits,
            StuffingWatch stuffing,
            LoginEvents events) {
        this.accounts = accounts;
        this.rateLimiter = rateLimiter;
        this.limits = limits;
        this.stuffing = stuffing;
        this.events = events;
    }

    /** @param device the device on which this person has logged in before, if it is one */
    Outcome attempt(String username, Secret password, String address, @Nullable String device) {
        LoginName name = LoginName.of(username);
        Turn turn = device != null && mayGoFirst(device) ? Turn.FIRST : Turn.IN_ORDER;
        if (!accounts.hasRoom(turn)) {
            // Before a permit is taken: what is not checked must not cost a trip to Redis.
            return new Busy(events.busy(address));
        }
        List<Bucket> buckets = limits.of(name, address, device);
        if (rateLimiter.acquire(buckets) instanceof RateLimiter.Limited limited) {
            return new Limited(limited.retryAfter(), events.limited(address, limited.limit()));
        }
        Optional<Account> account;
        try {
            account = accounts.authenticate(username, password, turn);
        } catch (PasswordCheckBusy e) {
            rateLimiter.giveBack(buckets);
            return new Busy(events.busy(address));
        }
        if (account.isEmpty()) {
            stuffing.failed(name);
            events.failed(address, device != null);
            return new Failed();
        }
        rateLimiter.giveBack(buckets);
        stuffing.succeeded(name);
        events.succeeded(account.get(), address, device != null);
        return new Succeeded(account.get());
    }

    /** Also those that succeed count: nobody keeps a processor busy by logging in to their own account. */
    private boolean mayGoFirst(String device) {
        return rateLimiter.acquire(List.of(new Bucket(FIRST_TURNS, device))) instanceof RateLimiter.Allowed;
    }

    /** How a login attempt ended. */
    sealed interface Outcome {}

    /** The password is the account's. */
    record Succeeded(Account account) implements Outcome {}

    /** It is not, or there is no such account, or it is disabled. */
    record Failed() implements Outcome {}

    /**
     * Nothing was checked: too many attempts failed before.
     *
     * @param flood whether many are turned away at the moment
     */
    record Limited(Duration retryAfter, boolean flood) implements Outcome {}

    /**
     * Nothing was checked: the server has no processor time to spare for it.
     *
     * @param flood whether many are turned away at the moment
     */
    record Busy(boolean flood) implements Outcome {}
}
