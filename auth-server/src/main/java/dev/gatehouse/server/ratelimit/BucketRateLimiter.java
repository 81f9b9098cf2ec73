package dev.gatehouse.server.ratelimit;

import io.github.bucket4j.TimeoutException;
import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The rate limiter: a bucket in memory in front of one in Redis, and while Redis is away or slow one more of this server's own, so
 * that no limit ever falls open.
 *
 * <p>The one in front holds the whole limit. What this server has granted itself it refuses without asking anybody, so a flood
 * against one name stays here; and by itself it never grants more than the limit, whether Redis goes, comes back empty or both in
 * turn. The one for the time without Redis holds this replica's part.
 *
 * <p>Permits are taken from one bucket after the other; when one is empty, what was taken is put back. Meanwhile another
 * caller may see a permit less than there is, never one more.
 */
@Component
final class BucketRateLimiter implements RateLimiter {
    private final LocalBuckets inFront;

    private final RedisBuckets shared;

    private final LocalBuckets alone;

    private final MeterRegistry metrics;

    private final Circuit circuit;

    private final Refusals refusals;

    private final Counter fallbacks;

    BucketRateLimiter(RedisBuckets shared, RateLimitProperties properties, InstantSource clock, MeterRegistry metrics) {
        this.inFront = new LocalBuckets(1, properties.localBuckets(), clock);
        this.shared = shared;
        this.alone = new LocalBuckets(properties.replicas(), properties.localBuckets(), clock);
        this.metrics = metrics;
        this.circuit = new Circuit(clock);
        this.refusals = new Refusals(clock);
        this.fallbacks = Counter.builder("gatehouse.limits.fallback")
                .description("Limit decisions that this server took alone because Redis was away")
                .register(metrics);
    }

    @Override
    public Decision acquire(List<Bucket> buckets) {
        Decision decision = decide(buckets);
        if (decision instanceof Limited limited) {
            count(limited);
        }
        return decision;
    }

    @Override
    public Optional<Limited> knownEmpty(List<Bucket> buckets) {
        Optional<Limited> empty = remembered(buckets);
        empty.ifPresent(this::count);
        return empty;
    }

    private void count(Limited limited) {
        metrics.counter("gatehouse.limits.hit", "limit", limited.limit().name()).increment();
    }

    private Optional<Limited> remembered(List<Bucket> buckets) {
        for (Bucket bucket : buckets) {
            Duration remaining = refusals.remaining(bucket);
            if (remaining.isPositive()) {
                return Optional.of(new Limited(bucket.limit(), remaining));
            }
        }
        return Optional.empty();
    }

    private Decision decide(List<Bucket> buckets) {
        Optional<Limited> remembered = remembered(buckets);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        if (takeAll(inFront, buckets) instanceof Limited limited) {
            if (circuit.isOpen()) {
                fallbacks.increment();
            }
            return limited;
        }
        Decision decision = decideBehind(buckets);
        if (decision instanceof Limited) {
            buckets.forEach(inFront::putBack);
        }
        return decision;
    }

    private Decision decideBehind(List<Bucket> buckets) {
        if (circuit.mayTry()) {
            try {
                Decision decision = takeAll(shared, buckets);
                circuit.succeeded();
                return decision;
            } catch (RuntimeException e) {
                circuit.failed(unlessBug(e));
            }
        }
        fallbacks.increment();
        return takeAll(alone, buckets);
    }

    private Decision takeAll(Buckets from, List<Bucket> buckets) {
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            Duration wait = from.take(bucket);
            if (wait.isPositive()) {
                buckets.subList(0, i).forEach(from::putBack);
                refusals.remember(bucket, wait);
                return new Limited(bucket.limit(), wait);
            }
        }
        return new Allowed();
    }

    @Override
    public void giveBack(List<Bucket> buckets) {
        buckets.forEach(refusals::forget);
        buckets.forEach(inFront::putBack);
        if (circuit.mayTry()) {
            try {
                buckets.forEach(shared::putBack);
                circuit.succeeded();
                return;
            } catch (RuntimeException e) {
                circuit.failed(unlessBug(e));
            }
        }
        buckets.forEach(alone::putBack);
    }

    /** What Redis does to us is told from what we do wrong; calls that were sent as one wrap the reason. */
    private static RuntimeException unlessBug(RuntimeException failure) {
        Throwable reason = failure.getCause() instanceof RuntimeException cause ? cause : failure;
        if (failure instanceof RedisException
                || reason instanceof RedisException
                || reason instanceof TimeoutException) {
            return failure;
        }
        throw failure;
    }
}
