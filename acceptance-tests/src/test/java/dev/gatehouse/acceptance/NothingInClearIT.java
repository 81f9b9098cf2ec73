package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** After people and machines have come and gone, the stores and the logs hold no secret in clear. */
class NothingInClearIT {
    private static final Issuer ISSUER = new Issuer();

    private static RunningDemo demo = RunningDemo.shared();

    @BeforeAll
    static void comeAndGo() {
        ISSUER.token("load", "load-secret", Map.of("grant_type", "client_credentials"));
        Issuer.Answer alice = ISSUER.logIn("alice", "wonderland-9Lives", "openid profile offline_access orders.read");
        Issuer.Answer refreshed = ISSUER.token(
                "web",
                "web-secret",
                Map.of("grant_type", "refresh_token", "refresh_token", alice.member("refresh_token")));
        ISSUER.post("/oauth2/revoke", "web", "web-secret", Map.of("token", refreshed.member("access_token")));
        ISSUER.logIn("bob", "builder-7Bridges", "openid orders.read");
        ISSUER.secrets().forEach(secret -> assertThat(secret).hasSizeGreaterThan(8));
    }

    @Test
    void redisHoldsNoSecretAndEveryKeyExpires() throws IOException {
        String port = Files.readString(demo.data().resolve("redis/redis.port")).strip();
        try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
                StatefulRedisConnection<String, String> connection =
                        client.connect(new StringCodec(StandardCharsets.ISO_8859_1))) {
            RedisCommands<String, String> redis = connection.sync();
            List<String> keys = redis.keys("*");
            assertThat(keys).isNotEmpty();
            assertThat(keys)
                    .allSatisfy(key -> assertThat(redis.ttl(key)).as(key).isPositive());
            StringBuilder dump = new StringBuilder();
            keys.forEach(key -> dump.append(key).append(contents(redis, key)).append('\n'));
            assertNoSecret(dump.toString());
        }
    }

    private static String contents(RedisCommands<String, String> redis, String key) {
        return switch (redis.type(key)) {
            case "string" -> String.valueOf(redis.get(key));
            case "hash" -> redis.hgetall(key).toString();
            case "set" -> redis.smembers(key).toString();
            case "zset" -> redis.zrange(key, 0, -1).toString();
            case "list" -> redis.lrange(key, 0, -1).toString();
            case "stream" ->
                redis.xrange(key, io.lettuce.core.Range.unbounded()).toString();
            default -> throw new AssertionError("unexpected type of " + key);
        };
    }

    @Test
    void postgresHoldsNoSecret() throws IOException, SQLException {
        List<String> pid = Files.readAllLines(demo.data().resolve("postgres/postmaster.pid"));
        String url = "jdbc:postgresql://127.0.0.1:" + pid.get(3) + "/postgres?user=postgres";
        StringBuilder dump = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String table : tables(connection)) {
                dump.append(rows(connection, table));
            }
        }
        assertThat(dump).contains("alice");
        assertNoSecret(dump.toString());
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                tables.add(rows.getString("TABLE_NAME"));
            }
        }
        return tables;
    }

    private static String rows(Connection connection, String table) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select row_to_json(t) from \"" + table + "\" t")) {
            while (rows.next()) {
                text.append(rows.getString(1)).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void theLogsHoldNoSecret() {
        for (String service : List.of("auth-server", "orders", "inventory")) {
            assertNoSecret(demo.log(service));
        }
    }

    private static void assertNoSecret(String text) {
        List<String> secrets = new ArrayList<>(ISSUER.secrets());
        secrets.addAll(List.of("web-secret", "orders-secret", "inventory-secret", "load-secret"));
        for (String secret : secrets) {
            assertThat(text.contains(secret)).as("holds " + secret).isFalse();
        }
    }
}
