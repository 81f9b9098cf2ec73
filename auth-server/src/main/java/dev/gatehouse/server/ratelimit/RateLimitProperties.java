package dev.gatehouse.server.ratelimit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How limits are counted.
 *
 * @param replicas how many auth servers share the traffic: while Redis is away, each grants its part of a limit
 * @param timeout how long Redis may take to answer before this server counts for itself
 * @param localBuckets how many buckets this server keeps while it counts for itself
 */
@ConfigurationProperties("gatehouse.ratelimit")
record RateLimitProperties(
        @DefaultValue("1") int replicas,
        @DefaultValue("500ms") Duration timeout,
        @DefaultValue("100000") int localBuckets) {
    RateLimitProperties {
        if (replicas < 1 || localBuckets < 1000) {
            throw new IllegalArgumentException(
                    "gatehouse.ratelimit.replicas must be at least 1, local-buckets at least 1000");
        }
        if (timeout.compareTo(Duration.ofMillis(10)) < 0 || timeout.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException("gatehouse.ratelimit.timeout must be between 10ms and 5s");
        }
    }
}
