package dev.gatehouse.server.ratelimit;

import java.time.Duration;

/**
 * How often something may happen: a burst, refilled evenly over a period.
 *
 * @param name a short stable name, used in metrics and keys, for example {@code login-address}
 * @param burst permits in a full bucket
 * @param refill permits that come back over each period
 * @param portion how many permits a server may take before it tells the others, who may take too many meanwhile; 1 where each
 *     permit counts
 */
public record Limit(String name, long burst, long refill, Duration period, long portion) {
    public Limit(String name, long burst, long refill, Duration period) {
        this(name, burst, refill, period, 1);
    }
}
