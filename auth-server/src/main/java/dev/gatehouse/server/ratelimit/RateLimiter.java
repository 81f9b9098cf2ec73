package dev.gatehouse.server.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes permits from the buckets of several limits at once. */
public interface RateLimiter {
    /** Takes one permit from each bucket, or from none. */
    Decision acquire(List<Bucket> buckets);

    /** The first of the buckets that this server remembers to be empty; asks nobody and takes nothing. */
    Optional<Limited> knownEmpty(List<Bucket> buckets);

    /** Gives back one permit to each bucket, after an attempt that should not have counted. */
    void giveBack(List<Bucket> buckets);

    /** One bucket: a limit and whom it counts. The key may hold personal data: it is stored as a keyed digest. */
    record Bucket(Limit limit, String key) {}

    /** What the buckets said. */
    sealed interface Decision {}

    /** Every bucket had a permit. */
    record Allowed() implements Decision {}

    /** This bucket was empty: try again after the stated time. */
    record Limited(Limit limit, Duration retryAfter) implements Decision {}
}
