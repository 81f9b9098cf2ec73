package dev.gatehouse.server.backchannel;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How clients are told that a login has ended.
 *
 * @param targets hosts ({@code app.example}, {@code *.apps.example}) and networks ({@code 10.1.0.0/16}) that may be called, and no
 *     others; without any, every public address may be, and this machine while the issuer is for this machine only
 * @param timeout how long one try may take
 * @param firstPause how long after the first failure the second try is made; each further pause is twice as long
 * @param longestPause the longest pause between two tries
 * @param patience for how long it is tried
 * @param pollInterval how often the table is asked for what is due
 * @param kept how long what has been delivered, or given up, is shown
 * @param sslBundle the SSL bundle whose trust store vouches for clients' servers, in place of the platform's
 */
@ConfigurationProperties("gatehouse.backchannel")
record BackChannelProperties(
        @DefaultValue List<String> targets,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("1s") Duration firstPause,
        @DefaultValue("5m") Duration longestPause,
        @DefaultValue("24h") Duration patience,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("7d") Duration kept,
        @Nullable String sslBundle) {
    BackChannelProperties {
        targets = List.copyOf(targets);
        targets.forEach(Targets::check);
        check("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        check("first-pause", firstPause, Duration.ofMillis(10), Duration.ofHours(1));
        check("longest-pause", longestPause, Duration.ofMillis(10), Duration.ofDays(1));
        check("patience", patience, Duration.ofSeconds(1), Duration.ofDays(30));
        check("poll-interval", pollInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
        // An ended login is told of again when its rule is read again: what was delivered must still be known then.
        check("kept", kept, Duration.ofDays(1), Duration.ofDays(400));
        if (firstPause.compareTo(longestPause) > 0) {
            throw new IllegalArgumentException(
                    "gatehouse.backchannel.first-pause must not be longer than gatehouse.backchannel.longest-pause");
        }
    }

    private static void check(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "gatehouse.backchannel." + name + " must be between " + least + " and " + most);
        }
    }

    /** How long to wait after so many tries have failed. */
    Duration pause(int tries) {
        Duration pause = firstPause.multipliedBy(1L << Math.clamp(tries - 1L, 0, 30));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
