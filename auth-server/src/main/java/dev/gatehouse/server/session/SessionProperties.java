package dev.gatehouse.server.session;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long browser sessions live.
 *
 * @param anonymousTimeout how long a browser that is not logged in may rest
 * @param idleTimeout how long a logged-in browser may rest
 * @param absoluteTimeout how long a login lasts, however busy the browser is
 * @param grantsKept how long an ended or expired login remembers the grants that hang on it; as long as a refresh token
 *     family can live, so that a late log-out still ends them
 * @param rememberFor how long a browser carries a login on after it has expired, for whoever asks for that; {@code 0} offers it to nobody
 * @param rememberIdle how long such a browser may stay away
 * @param placesFile networks and what people call the places where they are, one of each on a line: {@code 192.0.2.0/24,Berlin}
 */
@ConfigurationProperties("gatehouse.session")
record SessionProperties(
        @DefaultValue("15m") Duration anonymousTimeout,
        @DefaultValue("2h") Duration idleTimeout,
        @DefaultValue("12h") Duration absoluteTimeout,
        @DefaultValue("90d") Duration grantsKept,
        @DefaultValue("30d") Duration rememberFor,
        @DefaultValue("14d") Duration rememberIdle,
        @Nullable Path placesFile) {
    private static final Duration LONGEST = Duration.ofDays(400);

    SessionProperties {
        check("anonymous-timeout", anonymousTimeout);
        check("idle-timeout", idleTimeout);
        check("absolute-timeout", absoluteTimeout);
        check("grants-kept", grantsKept);
        if (!rememberFor.isZero()) {
            check("remember-for", rememberFor);
        }
        check("remember-idle", rememberIdle);
        if (idleTimeout.compareTo(absoluteTimeout) > 0) {
            throw new IllegalArgumentException(
                    "gatehouse.session.idle-timeout must not be longer than gatehouse.session.absolute-timeout");
        }
    }

    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMinutes(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("gatehouse.session." + name + " must be between 1m and 400d");
        }
    }
}
