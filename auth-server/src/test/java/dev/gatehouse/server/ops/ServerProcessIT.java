package dev.gatehouse.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.demo.LocalRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** One life of the server as a process: it outlasts its stores, and ends in good order when it is told to. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServerProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LocalRedis REDIS = LocalRedis.startTemporary();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static ServerProcess server;

    private static String database = "";

    private static String issuer = "";

    private static String management = "";

    @BeforeAll
    static void start() throws Exception {
        database = LocalPostgres.shared().newDatabase();
        int port = ServerProcess.freePort();
        int managementPort = ServerProcess.freePort();
        issuer = "http://localhost:" + port;
        management = "http://127.0.0.1:" + managementPort;
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.port", Integer.toString(port));
        settings.put("management.server.port", Integer.toString(managementPort));
        settings.put("gatehouse.issuer", issuer);
        settings.put("gatehouse.keys.master-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        settings.put("gatehouse.demo.enabled", "true");
        settings.put("spring.datasource.url", database);
        settings.put("spring.data.redis.url", REDIS.url());
        server = ServerProcess.start(directory, settings);
        await("/readiness", 200);
    }

    @AfterAll
    static void stop() {
        server.close();
        REDIS.kill();
    }

    /** Waits until health gives this answer, and returns its body. */
    private static String await(String group, int status) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (server.isAlive() && Instant.now().isBefore(deadline)) {
            try {
                HttpResponse<String> answer = health(group);
                if (answer.statusCode() == status) {
                    return answer.body();
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            Thread.sleep(50);
        }
        throw new AssertionError(group + " was never " + status + ": " + server.out() + server.err());
    }

    private static HttpResponse<String> health(String group) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(management + "/actuator/health" + group))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    @Order(1)
    void withoutRedisItLivesAndIsNotReadyAndIsReadyAgainWithIt() throws Exception {
        REDIS.kill();
        try {
            assertThat(await("/readiness", 503))
                    .contains("\"redis\":{\"status\":\"DOWN\"}", "\"db\":{\"status\":\"UP\"}")
                    .doesNotContain("127.0.0.1", "refused", "Exception", "details");
            assertThat(health("/liveness").body()).contains("\"status\":\"UP\"");
        } finally {
            REDIS.restart();
        }
        assertThat(await("/readiness", 200)).contains("\"revocationLog\":{\"status\":\"UP\"}");
    }

    @Test
    @Order(2)
    void withoutItsDatabaseItLivesAndIsNotReadyAndIsReadyAgainWithIt() throws Exception {
        String name = database.replaceAll("[?].*", "").replaceAll(".*/", "");
        try (Connection elsewhere =
                        DriverManager.getConnection(LocalPostgres.shared().url());
                Statement statement = elsewhere.createStatement()) {
            statement.execute("alter database " + name + " allow_connections false");
            try {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
                assertThat(await("/readiness", 503))
                        .contains("\"db\":{\"status\":\"DOWN\"}", "\"redis\":{\"status\":\"UP\"}")
                        .doesNotContain("jdbc", "127.0.0.1", "Exception", "details");
                assertThat(health("/liveness").body()).contains("\"status\":\"UP\"");
            } finally {
                statement.execute("alter database " + name + " allow_connections true");
            }
        }
        await("/readiness", 200);
    }

    /** The login hangs at a lock on the accounts until the server has begun to stop. */
    @Test
    @Order(3)
    void toldToStopItFinishesWhatItHasBegunAndSendsSubscribersElsewhere() throws Exception {
        Visitor alice = new Visitor(HttpClient.newBuilder(), issuer);
        HttpRequest form = alice.login("alice", "wonderland-9Lives");
        CompletableFuture<HttpResponse<String>> login;
        try (Connection locking = DriverManager.getConnection(database);
                Statement statement = locking.createStatement();
                BufferedReader feed = subscribe()) {
            locking.setAutoCommit(false);
            statement.execute("lock table accounts in access exclusive mode");
            login = alice.http().sendAsync(form, BodyHandlers.ofString());
            awaitBlockedQuery();

            server.terminate();

            assertThat(feed.lines().filter(line -> line.startsWith("event: ") && !line.endsWith("heartbeat")))
                    .containsExactly("event: keys", "event: reconnect");
            assertThat(login).isNotDone();
            locking.rollback();
        }
        assertThat(login.join().statusCode()).isEqualTo(303);
        assertThat(login.join().headers().firstValue("Set-Cookie")).isPresent();
        assertThat(server.exitCode()).isEqualTo(128 + 15);
    }

    private static BufferedReader subscribe() throws IOException, InterruptedException {
        String credentials =
                Base64.getEncoder().encodeToString("inventory:inventory-secret".getBytes(StandardCharsets.US_ASCII));
        HttpResponse<InputStream> feed = HTTP.send(
                HttpRequest.newBuilder(URI.create(issuer + "/revocations/feed"))
                        .header("Authorization", "Basic " + credentials)
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.ofInputStream());
        assertThat(feed.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(feed.body(), StandardCharsets.UTF_8));
    }

    private static void awaitBlockedQuery() throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        try (Connection connection =
                        DriverManager.getConnection(LocalPostgres.shared().url());
                Statement statement = connection.createStatement()) {
            while (Instant.now().isBefore(deadline)) {
                try (var waiting = statement.executeQuery("select 1 from pg_locks where not granted")) {
                    if (waiting.next()) {
                        return;
                    }
                }
                Thread.sleep(20);
            }
        }
        throw new AssertionError("the login never reached the accounts");
    }

    @Test
    @Order(4)
    void everyLineItWroteIsAJsonObjectWithoutAStackTrace() throws Exception {
        List<Map<String, Object>> lines = server.out().stream()
                .map(line -> JsonMapper.shared().readValue(line, new TypeReference<Map<String, Object>>() {}))
                .toList();

        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).containsKeys("@timestamp", "level", "logger_name", "message"))
                .allSatisfy(line -> assertThat(line).doesNotContainKey("stack_trace"));
        assertThat(server.err()).isEmpty();
    }
}
