package dev.gatehouse.server.session;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.standby.StandbyTable;
import dev.gatehouse.server.standby.TestStandby;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.data.redis.connection.DataType;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sessions and logins on a real Redis and a real PostgreSQL, with a clock that the test moves. */
final class SessionFixture implements AutoCloseable {
    static final Issuer ISSUER = new Issuer("http://localhost:9000");

    final LocalRedis server = LocalRedis.startTemporary();

    final JdbcClient database = TestDatabase.create();

    final StringRedisTemplate redis;

    final Standby standby;

    final BrowserSessions sessions;

    final BrowserInteractions interactions;

    final JdbcRememberedBrowsers remembered;

    final StoredLoginSessions logins;

    private final LettuceConnectionFactory connections;

    private volatile Instant now = Instant.parse("2026-11-23T10:00:00.750Z");

    SessionFixture() {
        this(false);
    }

    /** @param standsBy whether everything that begins is kept in PostgreSQL, as if Redis were away */
    SessionFixture(boolean standsBy) {
        connections = new LettuceConnectionFactory("127.0.0.1", server.port());
        connections.afterPropertiesSet();
        connections.start();
        redis = new StringRedisTemplate(connections);
        standby = standsBy ? TestStandby.needed() : TestStandby.notNeeded(redis);
        StandbyTable table = TestStandby.table(database);
        InstantSource clock = () -> now;
        SecureRandom random = new SecureRandom();
        SessionProperties properties = new SessionProperties(
                Duration.ofMinutes(15),
                Duration.ofHours(2),
                Duration.ofHours(12),
                Duration.ofDays(90),
                Duration.ofDays(30),
                Duration.ofDays(14),
                null);
        remembered = new JdbcRememberedBrowsers(
                new RememberedTable(
                        database, properties.rememberFor(), properties.rememberIdle(), JdbcRememberedBrowsers.GRACE),
                serverSecret(),
                ISSUER,
                properties.rememberFor(),
                HttpServletRequest::getRemoteAddr,
                InstantSource.system(),
                random);
        sessions = new BrowserSessions(
                new RedisSessionStore(redis),
                new StandbySessionStore(table),
                standby,
                new SessionValues(serverSecret(), random),
                random,
                clock,
                properties.anonymousTimeout());
        interactions = new BrowserInteractions(sessions);
        logins = new StoredLoginSessions(
                new RedisLoginStore(redis, properties.idleTimeout(), properties.absoluteTimeout(), clock),
                new StandbyLoginStore(table, properties.idleTimeout(), properties.absoluteTimeout(), clock),
                standby,
                sessions,
                interactions,
                remembered,
                properties,
                HttpServletRequest::getRemoteAddr,
                clock,
                random);
    }

    static ServerSecret serverSecret() {
        return new ServerSecret() {
            @Override
            public SecretKey aesKey(String purpose) {
                return new SecretKeySpec(new byte[32], "AES");
            }

            @Override
            public SecretKey macKey(String purpose) {
                return new SecretKeySpec(new byte[32], "HmacSHA256");
            }
        };
    }

    /** The id of a new account, of which the browsers that are remembered must be. */
    String account() {
        String id = UUID.randomUUID().toString();
        database.sql("""
                        insert into accounts (id, username, username_key, email_verified, roles, claims, enabled)
                        values (cast(:id as uuid), :id, :id, false, '{}', '{}', true)
                        """).param("id", id).update();
        return id;
    }

    TestBrowser browser() {
        return new TestBrowser(sessions, standby, ISSUER);
    }

    LoginSession login(TestBrowser browser, String account) {
        return browser.request(request -> logins.start(request, account, "name-of-" + account, List.of("pwd")));
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Set<String> keys() {
        return redis.keys("*");
    }

    /** Has both stores forget everything. */
    void forget() {
        redis.delete(keys());
        database.sql("delete from standby").update();
    }

    /** Has a login forgotten. */
    void forget(String sid) {
        redis.delete("gh:login:{" + sid + "}");
        database.sql("delete from standby where key = :key")
                .param("key", "login:" + sid)
                .update();
    }

    /** Every key and value in both stores, as text. */
    String dump() {
        List<Object> values = new ArrayList<>();
        keys().forEach(key -> values.add(
                redis.type(key) == DataType.ZSET
                        ? redis.opsForZSet().rangeWithScores(key, 0, -1)
                        : redis.opsForHash().entries(key)));
        return keys() + " " + values + " "
                + database.sql("select standby::text from standby")
                        .query(String.class)
                        .list();
    }

    @Override
    public void close() {
        connections.destroy();
        server.close();
    }
}
