package dev.gatehouse.server.revocation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the revocation log is kept and served.
 *
 * @param skew how far clocks may be apart: rules outlive the tokens that they refuse by this
 * @param maxSubscribers how many may follow the feed of this issuer at once; 4,000, or as many as half of the heap holds
 * @param maxSubscribersPerClient how many of them may be of one client
 * @param longestConnection after this time a subscriber is told to reconnect, so that it authenticates again
 * @param startPatience how long a start waits for Redis
 */
@ConfigurationProperties("gatehouse.revocation")
record RevocationProperties(
        @DefaultValue("60s") Duration skew,
        @Nullable Integer maxSubscribers,
        @DefaultValue("1000") int maxSubscribersPerClient,
        @DefaultValue("1h") Duration longestConnection,
        @DefaultValue("10s") Duration startPatience) {
    private static final long MOST_SUBSCRIBERS = 4_000;

    /** What the web server keeps for an open request, most of it buffers. */
    private static final long BYTES_OF_A_SUBSCRIBER = 128 * 1024;

    RevocationProperties {
        if (skew.compareTo(Duration.ofSeconds(1)) < 0 || skew.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("gatehouse.revocation.skew must be between 1s and 10m");
        }
        if ((maxSubscribers != null && maxSubscribers < 1) || maxSubscribersPerClient < 1) {
            throw new IllegalArgumentException("gatehouse.revocation.max-subscribers and"
                    + " gatehouse.revocation.max-subscribers-per-client must be at least 1");
        }
        if (longestConnection.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new IllegalArgumentException("gatehouse.revocation.longest-connection must be at least 10s");
        }
        if (startPatience.isNegative()) {
            throw new IllegalArgumentException("gatehouse.revocation.start-patience must not be negative");
        }
    }

    /** How many may follow the feed at once with a heap of so many bytes. */
    int mostSubscribers(long heap) {
        return maxSubscribers == null
                ? (int) Math.clamp(heap / 2 / BYTES_OF_A_SUBSCRIBER, 1, MOST_SUBSCRIBERS)
                : maxSubscribers;
    }
}
