package dev.gatehouse.server.revocation;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.session.EndedSession;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.RememberedBrowser;
import dev.gatehouse.server.session.SessionSummary;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.RefreshTokens;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Issuers that share one real Redis, one real PostgreSQL, and one clock, which the test moves. */
final class TestIssuers implements AutoCloseable {
    static final Duration LONGEST_TOKEN = Duration.ofMinutes(5);

    static final Duration SKEW = Duration.ofSeconds(60);

    final LocalRedis server = LocalRedis.startTemporary();

    final JdbcClient database = TestDatabase.create();

    final StoredRules stored = new StoredRules(database, SKEW);

    final Families families = new Families();

    final Logins logins = new Logins();

    private final List<TestIssuer> issuers = new ArrayList<>();

    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusMillis(250);

    TestIssuer start() {
        TestIssuer issuer = new TestIssuer(families, logins);
        issuers.add(issuer);
        issuer.tail.start();
        issuer.effects.start();
        return issuer;
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** What a Redis without persistence does when it is started anew. */
    void wipe() {
        try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port());
                var connection = client.connect()) {
            connection.sync().flushall();
        }
    }

    @Override
    public void close() {
        issuers.forEach(TestIssuer::stop);
        server.close();
    }

    /** Waits for what must come; a test that waits in vain fails by its assertion. */
    static boolean soon(BooleanSupplier condition) {
        long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                return false;
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    static AccessTokenClaims token(String jti, String subject, String clientId, String position) {
        return new AccessTokenClaims(
                jti,
                "kid-of-" + jti,
                subject,
                clientId,
                List.of("http://localhost:8081"),
                Scopes.none(),
                Instant.EPOCH,
                Instant.MAX,
                "sid-of-" + jti,
                "grant-of-" + jti,
                position,
                List.of(),
                Map.of());
    }

    /** One issuer's part in revocation. */
    final class TestIssuer {
        final LettuceConnectionFactory connections = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", server.port()),
                LettuceClientConfiguration.builder()
                        .commandTimeout(Duration.ofSeconds(1))
                        .build());

        final StringRedisTemplate redis;

        final LogScripts scripts;

        final LogWriter log;

        final RevocationReplica replica;

        final OwnEntries own = new OwnEntries();

        final TestKeys keys = new TestKeys();

        final RuleEffects effects;

        final LogTail tail;

        final Revocations revocations;

        TestIssuer(RefreshTokens families, LoginSessions logins) {
            connections.afterPropertiesSet();
            connections.start();
            redis = new StringRedisTemplate(connections);
            InstantSource clock = () -> now;
            scripts = new LogScripts(clock, SKEW, LONGEST_TOKEN.plus(SKEW));
            log = new LogWriter(redis, scripts);
            replica = new RevocationReplica(clock, SKEW);
            effects = new RuleEffects(logins, families, keys, List.of());
            tail = new LogTail(
                    connections::getRequiredNativeClient,
                    scripts,
                    replica,
                    own,
                    effects,
                    stored,
                    Duration.ofSeconds(5));
            revocations = new LoggedRevocations(
                    log, replica, own, effects, stored, clock, LONGEST_TOKEN, SKEW, new SimpleMeterRegistry());
        }

        /** A token that this issuer issues now. */
        AccessTokenClaims issue(String jti, String subject, String clientId) {
            return token(jti, subject, clientId, replica.current());
        }

        void stop() {
            tail.stop();
            effects.stop();
            connections.destroy();
        }
    }

    /** Refresh token families, of which only the end matters here. */
    static final class Families implements RefreshTokens {
        final Set<String> ended = ConcurrentHashMap.newKeySet();

        /** How many calls will find their store away. */
        final AtomicInteger outages = new AtomicInteger();

        @Override
        public Secret begin(Grant grant) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Rotation rotate(String presented, Terms terms, String position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Presented> find(String presented) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void end(String grantId) {
            if (outages.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new QueryTimeoutException("away");
            }
            ended.add(grantId);
        }
    }

    /** Logins, each with the grants that a test hung on it. */
    static final class Logins implements LoginSessions {
        final Map<String, Set<String>> grants = new ConcurrentHashMap<>();

        final Set<String> ended = ConcurrentHashMap.newKeySet();

        @Override
        public Optional<LoginSession> current(HttpServletRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LoginSession start(HttpServletRequest request, String accountId, String username, List<String> amr) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<LoginSession> carryOn(
                HttpServletRequest request, RememberedBrowser remembered, String username) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAlive(String sid) {
            return !ended.contains(sid);
        }

        @Override
        public boolean canEnd(String sid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean attachGrant(String sid, String grantId, String clientId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean attachToken(String sid, String jti, String clientId, Instant expires) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<SessionSummary> of(String accountId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<EndedSession> end(String sid) {
            ended.add(sid);
            return Optional.of(new EndedSession(sid, "", grants.getOrDefault(sid, Set.of()), Set.of()));
        }
    }
}
