package dev.gatehouse.server.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** This server's own buckets, for the time when Redis is away; each holds one replica's part of its limit. */
@Component
final class LocalBuckets implements Buckets {
    private static final Duration KEPT = Duration.ofHours(2);

    private final BucketNames names;

    private final RateLimitProperties properties;

    private final TimeMeter clock;

    private final Cache<String, io.github.bucket4j.Bucket> buckets;

    LocalBuckets(BucketNames names, RateLimitProperties properties, InstantSource clock) {
        this.names = names;
        this.properties = properties;
        this.clock = new WallClock(clock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(properties.localBuckets())
                .expireAfterAccess(KEPT)
                .build();
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
        return buckets.get(names.of(bucket), _ -> fresh(bucket.limit()));
    }

    private io.github.bucket4j.Bucket fresh(Limit limit) {
        return io.github.bucket4j.Bucket.builder()
                .addLimit(bandwidth ->
                        bandwidth.capacity(part(limit.burst())).refillGreedy(part(limit.refill()), limit.period()))
                .withCustomTimePrecision(clock)
                .build();
    }

    private long part(long permits) {
        return Math.max(1, permits / properties.replicas());
    }
}
