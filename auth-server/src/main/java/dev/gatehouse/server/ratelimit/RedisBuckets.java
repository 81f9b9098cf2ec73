package dev.gatehouse.server.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * The buckets that all auth servers share, in Redis.
 *
 * <p>Bucket4j changes a bucket by compare-and-swap, which does badly when many callers want one key, as password guessing
 * makes them. So calls for one bucket that meet in this server are sent as one, and a bucket's proxy, which does that, is
 * kept. Where a limit allows it, permits are taken in portions, and most decisions need no Redis at all. A bucket's key
 * expires shortly after it would be full again.
 */
@Component
final class RedisBuckets implements Buckets, DisposableBean {
    private static final Duration KEPT_WHEN_FULL = Duration.ofSeconds(10);

    /** For so long permits of a portion may be taken that the other servers do not know of. */
    private static final Duration LONGEST_UNTOLD = Duration.ofMillis(500);

    private final LettuceConnectionFactory factory;

    private final BucketNames names;

    private final RateLimitProperties properties;

    private final InstantSource clock;

    private final Cache<String, BucketProxy> proxies;

    private @Nullable StatefulConnection<String, byte[]> connection;

    private @Nullable ProxyManager<String> manager;

    RedisBuckets(
            LettuceConnectionFactory factory, BucketNames names, RateLimitProperties properties, InstantSource clock) {
        this.factory = factory;
        this.names = names;
        this.properties = properties;
        this.clock = clock;
        this.proxies = Caffeine.newBuilder()
                .maximumSize(properties.localBuckets())
                .expireAfterAccess(Duration.ofMinutes(1))
                .build();
    }

    @Override
    public Duration take(Bucket bucket) {
        ConsumptionProbe probe = proxy(bucket).tryConsumeAndReturnRemaining(1);
        return Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    @Override
    public void putBack(Bucket bucket) {
        proxy(bucket).addTokens(1);
    }

    private BucketProxy proxy(Bucket bucket) {
        ProxyManager<String> open = open();
        return proxies.get(
                names.of(bucket),
                name -> open.builder()
                        .withOptimization(optimization(bucket.limit()))
                        .build(name, () -> configuration(bucket.limit())));
    }

    private static Optimization optimization(Limit limit) {
        return limit.portion() == 1
                ? Optimizations.batching()
                : Optimizations.delaying(new DelayParameters(limit.portion(), LONGEST_UNTOLD));
    }

    private static BucketConfiguration configuration(Limit limit) {
        return BucketConfiguration.builder()
                .addLimit(bandwidth -> bandwidth.capacity(limit.burst()).refillGreedy(limit.refill(), limit.period()))
                .build();
    }

    /** Connects at first use, so that a Redis that is away cannot keep the server from starting. */
    private synchronized ProxyManager<String> open() {
        if (manager == null) {
            manager = connect();
        }
        if (connection == null || !connection.isOpen()) {
            throw new RedisException("not connected");
        }
        return manager;
    }

    private ProxyManager<String> connect() {
        RedisCodec<String, byte[]> codec = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
        if (factory.getRequiredNativeClient() instanceof RedisClusterClient cluster) {
            StatefulRedisClusterConnection<String, byte[]> opened = cluster.connect(codec);
            connection = opened;
            return managed(Bucket4jLettuce.casBasedBuilder(opened));
        }
        StatefulRedisConnection<String, byte[]> opened =
                ((RedisClient) factory.getRequiredNativeClient()).connect(codec);
        connection = opened;
        return managed(Bucket4jLettuce.casBasedBuilder(opened));
    }

    private ProxyManager<String> managed(Bucket4jLettuce.LettuceBasedProxyManagerBuilder<String> builder) {
        return builder.clientClock(new WallClock(clock))
                .requestTimeout(properties.timeout())
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_WHEN_FULL))
                .build();
    }

    @Override
    public synchronized void destroy() {
        if (connection != null) {
            connection.close();
        }
    }
}
