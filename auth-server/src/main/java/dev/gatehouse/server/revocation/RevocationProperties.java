package dev.gatehouse.server.revocation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the revocation log is kept and served.
 *
 * @param skew how far clocks may be apart: rules outlive the tokens that they refuse by this
 * @param maxSubscribers how many may follow the feed of this issuer at once
 * @param maxSubscribersPerClient how many of them may be of one client
 * @param longestConnection after this time a subscriber is told to reconnect, so that it authenticates again
 * @param startPatience how long a start waits for Redis
 */
@ConfigurationProperties("gatehouse.revocation")
record RevocationProperties(
        @DefaultValue("60s") Duration skew,
        @DefaultValue("4000") int maxSubscribers,
        @DefaultValue("1000") int maxSubscribersPerClient,
        @DefaultValue("1h") Duration longestConnection,
        @DefaultValue("10s") Duration startPatience) {
    RevocationProperties {
        if (skew.compareTo(Duration.ofSeconds(1)) < 0 || skew.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("gatehouse.revocation.skew must be between 1s and 10m");
        }
        if (maxSubscribers < 1 || maxSubscribersPerClient < 1) {
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
}
