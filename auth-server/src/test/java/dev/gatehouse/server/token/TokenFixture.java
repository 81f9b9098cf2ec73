package dev.gatehouse.server.token;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.standby.TestStandby;
import dev.gatehouse.server.token.TokenProperties.ReuseEnds;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Codes and refresh token families on a real Redis, with a clock that the test moves. */
final class TokenFixture implements AutoCloseable {
    static final Duration IDLE = Duration.ofDays(14);

    static final Duration ABSOLUTE = Duration.ofDays(90);

    static final Duration GRACE = Duration.ofSeconds(60);

    final SecureRandom random = new SecureRandom();

    final RandomIds ids = new RandomIds(random);

    final RefreshToken.Format format = new RefreshToken.Format(serverSecret("this house"));

    final StringRedisTemplate redis;

    final RedisRefreshTokens families;

    final JdbcClient database = TestDatabase.create();

    private final LocalRedis server = LocalRedis.startTemporary();

    private final LettuceConnectionFactory connections;

    volatile String position = "1763900000000-42";

    private volatile Instant now = Instant.parse("2026-11-23T10:00:00.750Z");

    TokenFixture() {
        connections = new LettuceConnectionFactory("127.0.0.1", server.port());
        connections.afterPropertiesSet();
        connections.start();
        redis = new StringRedisTemplate(connections);
        families = families(Duration.ZERO, GRACE);
    }

    /** An issuer whose clock is apart from the others'. */
    RedisRefreshTokens families(Duration skew, Duration grace) {
        InstantSource clock = () -> now.plus(skew);
        return new RedisRefreshTokens(redis, format, random, clock, properties(Duration.ofMinutes(5), grace));
    }

    StoredAuthorizationCodes codes(Duration accessTokenLifetime) {
        return new StoredAuthorizationCodes(
                new RedisCodeStore(redis),
                new StandbyCodeStore(TestStandby.table(database)),
                TestStandby.notNeeded(redis),
                random,
                properties(accessTokenLifetime, GRACE));
    }

    /** Codes as they are while Redis is away. */
    StoredAuthorizationCodes codesOnStandby() {
        return new StoredAuthorizationCodes(
                new RedisCodeStore(redis),
                new StandbyCodeStore(TestStandby.table(database)),
                TestStandby.needed(),
                random,
                properties(Duration.ofMinutes(5), GRACE));
    }

    private static TokenProperties properties(Duration accessTokenLifetime, Duration grace) {
        return new TokenProperties(
                accessTokenLifetime, Duration.ofSeconds(60), IDLE, ABSOLUTE, grace, ReuseEnds.EVERY_LOGIN);
    }

    /** One key for each purpose of each house. */
    static ServerSecret serverSecret(String house) {
        return new ServerSecret() {
            @Override
            public SecretKey aesKey(String purpose) {
                return new SecretKeySpec(sha256((house + " aes " + purpose).getBytes(StandardCharsets.UTF_8)), "AES");
            }

            @Override
            public SecretKey macKey(String purpose) {
                return new SecretKeySpec(
                        sha256((house + " mac " + purpose).getBytes(StandardCharsets.UTF_8)), "HmacSHA256");
            }
        };
    }

    /** What the person has granted the client {@code web}. */
    Grant grant() {
        return grant("http://localhost:8081");
    }

    Grant grant(String... audiences) {
        return new Grant(
                ids.next(),
                "web",
                "0b0f5d0e-6f0d-4c55-9f3c-0a9f5e1d2c3b",
                ids.next(),
                now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                "urn:gatehouse:acr:password",
                List.of("pwd"),
                Scopes.of("openid", "orders.read"),
                List.of(audiences),
                "n-0S6_WzA2Mj");
    }

    /** A rotation by the client for all that was granted. */
    RefreshTokens.Terms terms(String clientId) {
        return new RefreshTokens.Terms(clientId, "http://localhost:8081", false, Scopes.none());
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    static String key(Grant grant) {
        return "gh:refresh:{" + grant.id() + "}";
    }

    /** Ends the grace period as Redis does when its time has come. */
    void passGrace(Grant grant) {
        redis.delete(key(grant) + ":retry");
    }

    byte[] secret(String token) {
        return format.read(token).orElseThrow().secret();
    }

    /** Every key and value in Redis; one char for one byte. */
    List<String> dump() {
        List<String> all = new ArrayList<>();
        try (RedisConnection connection = connections.getConnection();
                var cursor =
                        connection.keyCommands().scan(ScanOptions.scanOptions().build())) {
            cursor.forEachRemaining(key -> {
                all.add(text(key));
                dump(connection, key, all);
            });
        }
        return all;
    }

    private static void dump(RedisConnection connection, byte[] key, List<String> all) {
        switch (connection.keyCommands().type(key)) {
            case HASH ->
                connection.hashCommands().hGetAll(key).forEach((field, value) -> {
                    all.add(text(field));
                    all.add(text(value));
                });
            case STRING ->
                all.add(text(Objects.requireNonNull(connection.stringCommands().get(key))));
            case null, default -> throw new IllegalStateException("a type that this dump cannot read");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** How often Redis was asked to do what, by command; {@code INFO} apart. */
    Map<String, String> commands() {
        Properties stats;
        try (RedisConnection connection = connections.getConnection()) {
            stats = Objects.requireNonNull(connection.serverCommands().info("commandstats"));
        }
        Map<String, String> calls = new TreeMap<>();
        stats.forEach((command, figures) -> calls.put((String) command, ((String) figures).split(",", 2)[0]));
        calls.remove("cmdstat_info");
        return calls;
    }

    /** Does the same in many threads at the same time. */
    static <T> List<T> atOnce(int threads, Supplier<T> action) throws InterruptedException, ExecutionException {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<T>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(() -> {
                    await(start);
                    return action.get();
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        }
    }

    private static void await(CyclicBarrier start) throws InterruptedException {
        try {
            start.await();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        connections.destroy();
        server.close();
    }
}
