package dev.gatehouse.server.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Buckets that were empty a moment ago: for a second at most nobody asks Redis again, so a flood stays in this server. */
final class Refusals {
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private final InstantSource clock;

    private final Cache<Bucket, Refusal> refusals = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(REMEMBERED)
            .build();

    Refusals(InstantSource clock) {
        this.clock = clock;
    }

    void remember(Bucket bucket, Duration retryAfter) {
        Instant now = clock.instant();
        Duration kept = retryAfter.compareTo(REMEMBERED) < 0 ? retryAfter : REMEMBERED;
        refusals.put(bucket, new Refusal(now.plus(kept), now.plus(retryAfter)));
    }

    /** How long the bucket is known to stay empty; zero when that is not known. */
    Duration remaining(Bucket bucket) {
        Refusal refusal = refusals.getIfPresent(bucket);
        Instant now = clock.instant();
        return refusal == null || !now.isBefore(refusal.forgottenAt())
                ? Duration.ZERO
                : Duration.between(now, refusal.retryAt());
    }

    void forget(Bucket bucket) {
        refusals.invalidate(bucket);
    }

    private record Refusal(Instant forgottenAt, Instant retryAt) {}
}
