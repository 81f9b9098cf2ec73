package dev.gatehouse.server.ratelimit;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.keys.ServerSecret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The rate limiter of one auth server, on a real Redis, with a clock that the test moves. */
final class TestLimiter implements RateLimiter, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private final LettuceConnectionFactory connections;

    private final RedisBuckets shared;

    private final BucketRateLimiter limiter;

    private volatile Instant now = Instant.now();

    TestLimiter(LocalRedis redis, int replicas) {
        connections = new LettuceConnectionFactory("127.0.0.1", redis.port());
        connections.afterPropertiesSet();
        connections.start();
        InstantSource clock = () -> now;
        RateLimitProperties properties = new RateLimitProperties(replicas, TIMEOUT, 100_000);
        BucketNames names = new BucketNames(new ZeroKey());
        shared = new RedisBuckets(connections, names, properties, clock);
        limiter = new BucketRateLimiter(shared, properties, clock, metrics);
    }

    @Override
    public Decision acquire(List<Bucket> buckets) {
        return limiter.acquire(buckets);
    }

    @Override
    public Optional<Limited> knownEmpty(List<Bucket> buckets) {
        return limiter.knownEmpty(buckets);
    }

    @Override
    public void giveBack(List<Bucket> buckets) {
        limiter.giveBack(buckets);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    double hits(String limit) {
        return metrics.counter("gatehouse.limits.hit", "limit", limit).count();
    }

    double fallbacks() {
        return metrics.counter("gatehouse.limits.fallback").count();
    }

    Set<String> keys() {
        return new StringRedisTemplate(connections).keys("*");
    }

    long timeToLive(String key) {
        return Objects.requireNonNull(new StringRedisTemplate(connections).getExpire(key));
    }

    long commandsSeenByRedis() {
        return Long.parseLong(Objects.requireNonNull(
                        connections.getConnection().serverCommands().info("stats"))
                .getProperty("total_commands_processed"));
    }

    void flush() {
        connections.getConnection().serverCommands().flushAll();
    }

    @Override
    public void close() {
        shared.destroy();
        connections.destroy();
    }

    private static final class ZeroKey implements ServerSecret {
        @Override
        public SecretKey aesKey(String purpose) {
            return new SecretKeySpec(new byte[32], "AES");
        }

        @Override
        public SecretKey macKey(String purpose) {
            return new SecretKeySpec(new byte[32], "HmacSHA256");
        }
    }
}
