package dev.gatehouse.server.ratelimit;

import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import java.time.Duration;

/** Buckets somewhere: shared in Redis, or this server's own. */
interface Buckets {
    /** Takes one permit. Returns zero, or, when there is none, the time until there is one. */
    Duration take(Bucket bucket);

    /** Puts one permit back; a full bucket stays full. */
    void putBack(Bucket bucket);
}
