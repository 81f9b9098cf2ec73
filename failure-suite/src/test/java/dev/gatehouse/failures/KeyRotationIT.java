package dev.gatehouse.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.verifier.ConformanceServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three issuers rotate their keys every few seconds, two services with our verifier and one with nothing but a JWT library take
 * the tokens of all three; then the active key is compromised. No good token is refused, and our verifiers ask for no keys.
 */
class KeyRotationIT {
    private static final int ISSUERS = 3;

    private static final int LOADERS = 4;

    private static final String AUDIENCE = "http://localhost:8082";

    private static final String MASTER_KEY = "ZmFpbHVyZSBzdWl0ZSdzIG93biBrZXksIDMyIGJ5dGU=";

    private static final Pattern KID = Pattern.compile("\"kid\":\"([^\"]+)\"");

    private static final Path NODE = Path.of("../token-verifier-node").toAbsolutePath();

    private static final int SECONDS = Integer.getInteger("rotation.seconds", 20);

    private static final int EVERY = Integer.getInteger("rotation.every", 3);

    /** As long as a library may refuse to ask again for keys; a key is published for longer than that before it signs. */
    private static final int COOL_DOWN = Integer.getInteger("rotation.cool-down", 2);

    private final Client client = new Client();

    private final List<AutoCloseable> running = new ArrayList<>();

    private final List<Integer> issuers = new ArrayList<>();

    private final List<Integer> management = new ArrayList<>();

    private final List<Integer> ours = new ArrayList<>();

    private int foreign;

    private final Queue<String> refused = new ConcurrentLinkedQueue<>();

    private final Set<String> kids = ConcurrentHashMap.newKeySet();

    private final AtomicInteger presented = new AtomicInteger();

    private final Queue<String> recent = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : running.reversed()) {
            one.close();
        }
    }

    @Test
    void nobodyNoticesARotationAndACompromiseIsOverInAMoment() throws Exception {
        Path logs = Files.createDirectories(Path.of("target/rotation"));
        start(logs);
        long atTheStart = requestsForKeys() - foreignRequests();

        load(TimeUnit.SECONDS.toMillis(SECONDS));

        assertThat(refused).isEmpty();
        assertThat(kids).hasSizeGreaterThan((SECONDS - COOL_DOWN) / EVERY / 2);
        assertThat(requestsForKeys() - foreignRequests())
                .as("requests of our verifiers")
                .isEqualTo(atTheStart);
        System.out.printf(
                "%d tokens under %d keys presented in %d s, 0 refused; requests for keys: %d by the library, 0 by our verifiers"
                        + " after their start%n",
                presented.get(), kids.size(), SECONDS, foreignRequests());
        compromise();
    }

    private void start(Path logs) throws Exception {
        LocalRedis redis = LocalRedis.startTemporary();
        running.add(redis);
        String database = LocalPostgres.shared().newDatabase();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < ISSUERS; i++) {
            ports.add(JavaProcess.freePort());
            management.add(JavaProcess.freePort());
        }
        String name = "http://localhost:" + ports.getFirst();
        for (int i = 0; i < ISSUERS; i++) {
            issuers.add(ports.get(i));
            running.add(JavaProcess.start(
                    logs.resolve("issuer-" + i + ".log"),
                    Map.of(),
                    "-jar",
                    "../auth-server/target/auth-server.jar",
                    "--gatehouse.issuer=" + name,
                    "--server.port=" + ports.get(i),
                    "--management.server.port=" + management.get(i),
                    "--gatehouse.demo.enabled=true",
                    "--gatehouse.keys.master-key=" + MASTER_KEY,
                    "--gatehouse.keys.rotate-every=" + EVERY + "s",
                    "--gatehouse.keys.jwks-max-age=1s",
                    "--gatehouse.keys.verifier-refresh=" + COOL_DOWN + "s",
                    "--gatehouse.keys.clock-skew=2s",
                    "--gatehouse.token.access-token-lifetime=30s",
                    "--spring.datasource.url=" + database,
                    "--spring.data.redis.url=redis://127.0.0.1:" + redis.port()));
        }
        for (int port : management) {
            await("an issuer is ready", 90, () -> client.get(port, "/actuator/health/readiness") == 200);
        }
        for (int v = 0; v < 2; v++) {
            int port = JavaProcess.freePort();
            ours.add(port);
            running.add(JavaProcess.start(
                    logs.resolve("verifier-" + v + ".log"),
                    Map.of(
                            "ISSUER",
                            name,
                            "ISSUER_LOCATION",
                            "http://127.0.0.1:" + issuers.get(v + 1),
                            "AUDIENCE",
                            AUDIENCE,
                            "CLIENT_ID",
                            "inventory",
                            "CLIENT_SECRET",
                            "inventory-secret",
                            "STALENESS_BOUND_MS",
                            "5000",
                            "PORT",
                            Integer.toString(port)),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ConformanceServer.class.getName()));
        }
        startForeign(logs, name);
        for (int port : verifiers()) {
            await(
                    "a verifier accepts",
                    60,
                    () -> client.token(issuers.getFirst())
                            .filter(token -> client.present(port, token) == 200)
                            .isPresent());
        }
    }

    private void startForeign(Path logs, String issuer) throws Exception {
        foreign = JavaProcess.freePort();
        node(logs, Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .waitFor();
        Process service = node(
                logs,
                Map.of(
                        "ISSUER",
                        issuer,
                        "AUDIENCE",
                        AUDIENCE,
                        "COOLDOWN_MS",
                        Integer.toString(COOL_DOWN * 1000),
                        "PORT",
                        Integer.toString(foreign)),
                "node",
                "test/plain-jose.js");
        running.add(service::destroy);
    }

    private static Process node(Path logs, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(NODE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        logs.resolve("node.log").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private List<Integer> verifiers() {
        List<Integer> all = new ArrayList<>(ours);
        all.add(foreign);
        return all;
    }

    /** Each token is presented at once to every service. */
    private void load(long millis) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < LOADERS; i++) {
            int first = i;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int round = first; !over.get(); round++) {
                    client.token(issuers.get(round % ISSUERS))
                            .ifPresentOrElse(this::present, () -> refused.add("no token"));
                    pause(20);
                }
            }));
        }
        Thread.sleep(millis);
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void present(String token) {
        kids.add(kid(token));
        recent.add(token);
        for (int port : verifiers()) {
            int status = client.present(port, token);
            presented.incrementAndGet();
            if (status != 200) {
                refused.add(Instant.now() + (port == foreign ? " the library" : " our verifier") + " answered " + status
                        + " to a token under " + kid(token));
            }
        }
    }

    private static String kid(String token) {
        Matcher kid = KID.matcher(new String(
                Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), StandardCharsets.UTF_8));
        return kid.find() ? kid.group(1) : "";
    }

    /** Everything under the key is refused within a second, and new tokens are good all the while. */
    private void compromise() throws InterruptedException {
        String token = client.token(issuers.getFirst()).orElseThrow();
        String bad = kid(token);
        List<String> under =
                recent.stream().filter(old -> kid(old).equals(bad)).limit(100).toList();
        assertThat(client.compromises(issuers.get(1), bad)).isTrue();
        long since = System.nanoTime();
        List<String> good = new ArrayList<>();
        for (int port : ours) {
            await("our verifiers refuse what the key signed", 1, () -> client.present(port, token) == 401);
        }
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        for (int issuer : issuers) {
            await("an issuer signs with another key", 2, () -> {
                String fresh = client.token(issuer).orElse(token);
                good.add(fresh);
                return !kid(fresh).equals(bad);
            });
        }
        for (int port : ours) {
            for (String old : under) {
                assertThat(client.present(port, old)).isEqualTo(401);
            }
            assertThat(client.present(port, good.getLast())).isEqualTo(200);
        }
        assertThat(client.present(foreign, good.getLast())).isEqualTo(200);
        System.out.printf("a compromised key's tokens were refused everywhere %d ms after the answer%n", took);
    }

    private long requestsForKeys() {
        return management.stream()
                .mapToLong(port -> client.metric(port, "http_server_requests_seconds_count", "uri=\"/oauth2/jwks\""))
                .sum();
    }

    private long foreignRequests() {
        return Long.parseLong(client.body(foreign, "/requests"));
    }

    private static void await(String what, int seconds, BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("waited in vain until " + what);
            }
            pause(5);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
