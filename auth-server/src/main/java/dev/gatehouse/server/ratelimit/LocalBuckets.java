package dev.gatehouse.server.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;

/** This server's own buckets, each with its part of the limit. */
final class LocalBuckets implements Buckets {
    private static final Duration KEPT = Duration.ofHours(2);

    private final int parts;

    private final TimeMeter clock;

    private final Cache<Bucket, io.github.bucket4j.Bucket> buckets;

    /**
     * Buckets that are all full.
     *
     * @param parts into how many a limit is divided
     * @param most how many are kept; those that are hardly asked for go first
     */
    LocalBuckets(int parts, int most, InstantSource clock) {
        this.parts = parts;
        this.clock = new WallClock(clock);
        this.buckets =
                Caffeine.newBuilder().maximumSize(most).expireAfterAccess(KEPT).build();
    }

    @Override
    public Duration take(Bucket bucket) {
        ConsumptionProbe probe = local(bucket).tryConsumeAndReturnRemaining(1);
        return Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    @Override
    public void putBack(Bucket bucket) {
        local(bucket).addTokens(1);
    }

    private io.github.bucket4j.Bucket local(Bucket bucket) {
        return buckets.get(bucket, wanted -> fresh(wanted.limit()));
    }

    private io.github.bucket4j.Bucket fresh(Limit limit) {
        return io.github.bucket4j.Bucket.builder()
                .addLimit(bandwidth ->
                        bandwidth.capacity(part(limit.burst())).refillGreedy(part(limit.refill()), limit.period()))
                .withCustomTimePrecision(clock)
                .build();
    }

    private long part(long permits) {
        return Math.max(1, permits / parts);
    }
}
