package dev.gatehouse.server.login;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the login page has to say: a key in {@code messages.properties} and what fills its gap. */
record Notice(String message, @Nullable Object argument) {
    static Notice of(String message) {
        return new Notice(message, null);
    }

    /** When to try again, in the unit in which people count: never too early. */
    static Notice limited(Duration retryAfter) {
        long seconds = seconds(retryAfter);
        if (seconds < 60) {
            return new Notice("login.limited.seconds", Math.max(2, seconds));
        }
        return seconds == 60
                ? Notice.of("login.limited.minute")
                : new Notice("login.limited.minutes", Math.ceilDiv(seconds, 60));
    }

    /** The whole seconds after which the time is surely over, for {@code Retry-After}. */
    static long seconds(Duration retryAfter) {
        return Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1000L));
    }
}
