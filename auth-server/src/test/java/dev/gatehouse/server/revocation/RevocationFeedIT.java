package dev.gatehouse.server.revocation;

import static dev.gatehouse.server.revocation.TestIssuers.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.GatehouseApplication;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.revocation.Subscription.Event;
import dev.gatehouse.server.token.AccessToken;
import dev.gatehouse.server.token.AccessTokenRequest;
import dev.gatehouse.server.token.AccessTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The feed and the snapshot as a verifier meets them, docs/revocation-feed.md. */
@GatehouseTest
@Timeout(120)
@TestPropertySource(
        properties = {
            "gatehouse.revocation.max-subscribers=4",
            "gatehouse.revocation.max-subscribers-per-client=3",
            "server.tomcat.connection-timeout=2s",
        })
class RevocationFeedIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String INVENTORY = basic("inventory", "inventory-secret");

    private static final List<String> PATHS = List.of("/revocations/feed", "/revocations/snapshot");

    private final List<Subscription> open = new ArrayList<>();

    @Autowired
    private Environment environment;

    @Autowired
    private Revocations revocations;

    @Autowired
    private RevocationReplica replica;

    @Autowired
    private Subscribers subscribers;

    @Autowired
    private StringRedisTemplate redis;

    @Autowired
    private LocalRedis server;

    @Autowired
    private AccessTokens accessTokens;

    @Autowired
    private Accounts accounts;

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    /** Little room in the sockets, so that a reader that does not read is soon noticed. */
    @TestConfiguration
    static class NarrowSockets {
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> narrowSockets() {
            return factory ->
                    factory.addConnectorCustomizers(connector -> connector.setProperty("socket.txBufSize", "8192"));
        }
    }

    @BeforeEach
    void isCurrent() {
        assertThat(soon(replica::isCurrent)).isTrue();
    }

    @AfterEach
    void everyPlaceIsGivenBack() {
        open.forEach(Subscription::close);
        assertThat(soon(() -> subscribers.count() == 0)).isTrue();
    }

    private static String basic(String client, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private Subscription subscribe(String... lastEventIds) throws IOException, InterruptedException {
        return subscribeAs(INVENTORY, lastEventIds);
    }

    private Subscription subscribeAs(String authorization, String... lastEventIds)
            throws IOException, InterruptedException {
        return kept(Subscription.open(issuer, authorization, lastEventIds));
    }

    private Subscription kept(Subscription subscription) {
        open.add(subscription);
        return subscription;
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(issuer + path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private Map<String, Object> snapshot() throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", "/revocations/snapshot", "Authorization", INVENTORY);
        assertThat(response.statusCode()).isEqualTo(200);
        return JsonMapper.shared().readValue(response.body(), new TypeReference<>() {});
    }

    private String position() throws IOException, InterruptedException {
        return String.valueOf(snapshot().get("position"));
    }

    private AccessToken token(String subject, String clientId, String audience) {
        return accessTokens.issue(new AccessTokenRequest(
                accessTokens.newJti(),
                accessTokens.now(),
                subject,
                clientId,
                audience,
                Scopes.none(),
                null,
                null,
                null,
                null));
    }

    private static String bearer(AccessToken token) {
        return "Bearer " + token.value().value();
    }

    private void revokeToken(String jti) {
        revocations.revokeToken(jti, Instant.now().plusSeconds(300));
    }

    private static LogPosition positionOf(Event event) {
        return LogPosition.parse(event.id()).orElseThrow();
    }

    private void refused(String... headers) throws IOException, InterruptedException {
        for (String path : PATHS) {
            HttpResponse<String> response = send("GET", path, headers);
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().allValues("WWW-Authenticate"))
                    .anyMatch(challenge -> challenge.startsWith("Basic "))
                    .anyMatch(challenge -> challenge.startsWith("Bearer "));
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.body()).doesNotContain("rules").doesNotContain("position");
        }
    }

    @Test
    void nobodyIsLetInWithoutProofOfBeingAConfidentialClient() throws Exception {
        refused();
        refused("Authorization", "Basic");
        refused("Authorization", "Basic !!!");
        refused("Authorization", basic("inventory", "wrong-secret"));
        refused("Authorization", basic("inventory", ""));
        refused("Authorization", basic("nobody", "inventory-secret"));
        refused("Authorization", basic("spa", ""));
        refused("Authorization", basic("alice", "wonderland-9Lives"));
        refused("Authorization", INVENTORY, "Authorization", INVENTORY);
    }

    @Test
    void aTokenLetsInOnlyItsOwnConfidentialClientAndOnlyWhenItIsForTheIssuer() throws Exception {
        String alice = accounts.findByUsername("alice").orElseThrow().id();
        refused("Authorization", "Bearer x");
        refused("Authorization", bearer(token(alice, "web", issuer)));
        refused("Authorization", bearer(token("spa", "spa", issuer)));
        refused("Authorization", bearer(token("nobody", "nobody", issuer)));
        refused("Authorization", bearer(token("inventory", "inventory", "http://localhost:8082")));
        refused("Authorization", bearer(token("inventory", "inventory", issuer)) + "x");
        AccessToken good = token("inventory", "inventory", issuer);
        assertThat(send("GET", "/revocations/snapshot", "Authorization", bearer(good))
                        .statusCode())
                .isEqualTo(200);
        revocations.revokeToken(good.jti(), good.expiresAt());
        refused("Authorization", bearer(good));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void onlyGetIsAllowed(String method) throws Exception {
        for (String path : PATHS) {
            HttpResponse<String> response = send(method, path, "Authorization", INVENTORY);
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET");
            assertThat(send(method, path).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whoeverTakesSomethingElseIsToldSo() throws Exception {
        for (String path : PATHS) {
            assertThat(send("GET", path, "Authorization", INVENTORY, "Accept", "text/html")
                            .statusCode())
                    .isEqualTo(406);
        }
        assertThat(send("GET", "/revocations/other", "Authorization", INVENTORY).statusCode())
                .isEqualTo(404);
    }

    @Test
    void theSnapshotHoldsEveryRuleInForceAtItsPosition() throws Exception {
        long soonest = Instant.now().getEpochSecond() + 300;
        revokeToken("snapshot \"jti\"\n");
        revocations.revokeSession("snapshot-sid");
        revocations.revokeGrant("snapshot-grant");
        revocations.revokeKey("snapshot-kid");
        revocations.revokeSubject("snapshot-sub");
        String cut = replica.seen().toString();
        revocations.revokeClient("snapshot-client");

        HttpResponse<String> response = send("GET", "/revocations/snapshot", "Authorization", INVENTORY);

        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        Map<String, Object> snapshot = JsonMapper.shared().readValue(response.body(), new TypeReference<>() {});
        assertThat(snapshot)
                .containsOnlyKeys("issuer", "position", "rules")
                .containsEntry("issuer", issuer)
                .containsEntry("position", replica.seen().toString());
        List<Map<String, Object>> rules =
                JsonMapper.shared().convertValue(snapshot.get("rules"), new TypeReference<>() {});
        List<Map<String, Object>> ours = rules.stream()
                .filter(rule -> String.valueOf(rule.get("value")).startsWith("snapshot"))
                .toList();
        assertThat(ours)
                .extracting(rule -> rule.get("kind"))
                .containsExactlyInAnyOrder("jti", "sid", "grant_id", "kid", "sub", "client_id");
        assertThat(ours)
                .anySatisfy(rule -> assertThat(rule).containsEntry("value", "snapshot \"jti\"\n"))
                .allSatisfy(rule -> {
                    boolean isCut = List.of("sub", "client_id").contains(rule.get("kind"));
                    assertThat(rule.keySet())
                            .isEqualTo(
                                    isCut
                                            ? Set.of("kind", "value", "before", "expires")
                                            : Set.of("kind", "value", "expires"));
                    assertThat(Long.parseLong(String.valueOf(rule.get("expires"))))
                            .isGreaterThanOrEqualTo(soonest);
                });
        assertThat(ours).anySatisfy(rule -> assertThat(rule).containsEntry("before", cut));
    }

    @Test
    void eventsComeInTheOrderOfTheLog() throws Exception {
        Subscription feed = subscribe(position());
        assertThat(feed.status()).isEqualTo(200);
        assertThat(feed.header("Content-Type")).startsWith("text/event-stream");
        assertThat(feed.header("Cache-Control")).contains("no-store");
        LogPosition before = replica.seen();
        revocations.revokeSubject("in-order");
        revocations.revokeKey("snowman \u2603\r\nid: 1-1\n\n");

        Event first = feed.nextNews();
        Event second = feed.nextNews();

        assertThat(positionOf(first)).isEqualTo(before.next());
        assertThat(first.type()).isEqualTo("rule");
        assertThat(first.data())
                .containsOnlyKeys("kind", "value", "before", "expires")
                .containsEntry("kind", "sub")
                .containsEntry("value", "in-order")
                .containsEntry("before", first.id());
        assertThat(positionOf(second)).isEqualTo(positionOf(first).next());
        assertThat(second.data())
                .containsOnlyKeys("kind", "value", "expires")
                .containsEntry("kind", "kid")
                .containsEntry("value", "snowman \u2603\r\nid: 1-1\n\n");
    }

    @Test
    void heartbeatsTellHowFarTheSubscriberIs() throws Exception {
        Subscription feed = subscribe();
        revokeToken("before-the-heartbeats");
        String last = feed.nextNews().id();
        long elapsed = 0;
        for (int i = 0; i < 3; i++) {
            Event beat = feed.next();
            assertThat(beat.type()).isEqualTo("heartbeat");
            assertThat(beat.id()).isEmpty();
            assertThat(beat.data())
                    .containsOnlyKeys("position", "age_ms", "elapsed_ms")
                    .containsEntry("position", last);
            assertThat(Long.parseLong(beat.text("elapsed_ms"))).isGreaterThan(elapsed);
            elapsed = Long.parseLong(beat.text("elapsed_ms"));
            assertThat(Long.parseLong(beat.text("age_ms"))).isBetween(0L, RevocationReplica.FRESH.toMillis());
        }
    }

    @Test
    void withoutAPositionTheFeedBeginsAtThePresent() throws Exception {
        revokeToken("past");
        assertThat(soon(() -> replica.position().equals(replica.seen()))).isTrue();
        Subscription feed = subscribe();
        revokeToken("future");
        assertThat(feed.nextNews().text("value")).isEqualTo("future");
    }

    @Test
    void theParameterStandsInForTheHeader() throws Exception {
        String position = position();
        revokeToken("after-the-parameter");
        URI address = URI.create(issuer + "/revocations/feed?after=" + position);
        assertThat(kept(Subscription.at(address, INVENTORY)).nextNews().text("value"))
                .isEqualTo("after-the-parameter");
    }

    @Test
    void whoeverReconnectsLosesNothingAndGetsNothingTwice() throws Exception {
        LogPosition start = LogPosition.parse(position()).orElseThrow();
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 400; i++) {
                revokeToken("reconnect-" + i);
            }
        });
        List<Event> received = new ArrayList<>();
        String last = start.toString();
        while (received.size() < 400) {
            try (Subscription feed = Subscription.open(issuer, INVENTORY, last)) {
                // Places of connections that we closed are given back at the issuer's next write to them.
                if (feed.status() == 200) {
                    received.addAll(feed.nextNews(Math.min(1 + received.size() % 97, 400 - received.size())));
                    last = received.getLast().id();
                }
            }
        }
        writer.join();
        LogPosition expected = start;
        for (int i = 0; i < 400; i++) {
            expected = expected.next();
            assertThat(positionOf(received.get(i))).isEqualTo(expected);
            assertThat(received.get(i).text("value")).isEqualTo("reconnect-" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-", "1", "1-", "-1-1", "1-2-3", "1-1 ", "0x1-1", "99999999999999999999-1"})
    void whatIsNoPositionIsABadRequest(String position) throws Exception {
        HttpResponse<String> response =
                send("GET", "/revocations/feed?after=" + position.replace(" ", "%20"), "Authorization", INVENTORY);
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void twoPositionsAreABadRequest() throws Exception {
        assertThat(subscribe(position(), position()).status()).isEqualTo(400);
        assertThat(subscribe("nonsense").status()).isEqualTo(400);
    }

    @Test
    void aPositionThatCannotBeContinuedFromIsAnsweredWithAReset() throws Exception {
        LogPosition now = LogPosition.parse(position()).orElseThrow();
        for (LogPosition impossible : List.of(
                new LogPosition(now.epoch(), now.seq() + 1_000),
                new LogPosition(now.epoch() + 1, 0),
                new LogPosition(now.epoch() - 1, now.seq()),
                LogPosition.NONE,
                new LogPosition(999_999_999_999_999_999L, 999_999_999_999_999_999L))) {
            try (Subscription feed = Subscription.open(issuer, INVENTORY, impossible.toString())) {
                assertThat(feed.status()).isEqualTo(200);
                Event event = feed.nextNews();
                assertThat(event.type()).isEqualTo("reset");
                assertThat(event.data()).containsEntry("position", now.toString());
                assertThat(feed.next().type()).isEqualTo("end");
            }
        }
    }

    @Test
    void aNewEpochResetsWhoeverIsConnectedAndTheSnapshotKeepsTheRules() throws Exception {
        Subscription feed = subscribe();
        revokeToken("of-the-old-epoch");
        LogPosition old = positionOf(feed.nextNews());
        loseTheLog();
        Event event = feed.nextNews();
        assertThat(event.type()).isEqualTo("reset");
        assertThat(LogPosition.parse(event.text("position")).orElseThrow().epoch())
                .isGreaterThan(old.epoch());
        assertThat(feed.next().type()).isEqualTo("end");
        assertThat(snapshot().toString()).contains("of-the-old-epoch");
        Subscription again = subscribe(position());
        revokeToken("of-the-new-epoch");
        assertThat(again.nextNews().text("value")).isEqualTo("of-the-new-epoch");
    }

    @Test
    void aPositionThatIsOlderThanTheLogIsAnsweredWithAReset() throws Exception {
        loseTheLog();
        LogPosition beginning = replica.position();
        // The token has expired; clocks may differ for a few seconds more.
        revocations.revokeToken("short-lived", Instant.now().minusSeconds(56));
        assertThat(soon(() -> replica.journal().after(beginning, 1) instanceof Journal.Gone))
                .isTrue();
        assertThat(subscribe(beginning.toString()).nextNews().type()).isEqualTo("reset");
        Subscription feed = subscribe(beginning.next().toString());
        revokeToken("next");
        assertThat(feed.nextNews().text("value")).isEqualTo("next");
    }

    private void loseTheLog() {
        long epoch = replica.position().epoch();
        redis.delete(List.of(LogScripts.HEAD_KEY, LogScripts.LOG_KEY));
        assertThat(soon(() -> replica.position().epoch() > epoch)).isTrue();
    }

    @Test
    void aReaderThatDoesNotReadDelaysNobodyAndIsCut() throws Exception {
        String start = position();
        Subscription fast = subscribe(start);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(2048);
            URI address = URI.create(issuer);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
            slow.getOutputStream().write("""
                    GET /revocations/feed HTTP/1.1\r
                    Host: localhost\r
                    Authorization: %s\r
                    Last-Event-ID: %s\r
                    \r
                    """.formatted(INVENTORY, start).getBytes(StandardCharsets.US_ASCII));
            assertThat(soon(() -> subscribers.count() == 2)).isTrue();
            for (int i = 0; i < 1000; i++) {
                revokeToken("x".repeat(500) + i);
            }
            List<Event> received = fast.nextNews(1000);
            assertThat(received.getLast().text("value")).endsWith("x999");
            assertThat(soon(() -> subscribers.count() == 1)).isTrue();
        }
        revokeToken("after-the-cut");
        assertThat(fast.nextNews().text("value")).isEqualTo("after-the-cut");
    }

    @Test
    void aClientHasSoManyPlacesAndLeavesTheOthersTheirs() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(subscribe().status()).isEqualTo(200);
        }
        Subscription fourth = subscribe();
        assertThat(fourth.status()).isEqualTo(503);
        assertThat(fourth.header("Retry-After")).isNotEmpty();
        String orders = basic("orders", "orders-secret");
        assertThat(subscribeAs(orders).status()).isEqualTo(200);
        assertThat(subscribeAs(orders).status()).isEqualTo(503);
        assertThat(snapshot()).containsKey("rules");
        open.removeFirst().close();
        assertThat(soon(() -> subscribers.count() == 3)).isTrue();
        assertThat(subscribe().status()).isEqualTo(200);
    }

    @Test
    void whoeverCameWithATokenGoesWhenTheTokenIsRevoked() throws Exception {
        AccessToken token = token("inventory", "inventory", issuer);
        Subscription feed = subscribeAs(bearer(token));
        assertThat(feed.next().type()).isEqualTo("heartbeat");
        revocations.revokeToken(token.jti(), token.expiresAt());
        Event event = feed.nextNews();
        if (event.is("rule")) {
            event = feed.nextNews();
        }
        assertThat(event.type()).isEqualTo("reconnect");
        assertThat(feed.next().type()).isEqualTo("end");
        assertThat(subscribeAs(bearer(token)).status()).isEqualTo(401);
    }

    @Test
    void withoutRedisSubscribersStayAndNobodyIsToldThatAllIsWell() throws Exception {
        Subscription feed = subscribe(position());
        server.kill();
        assertThat(soon(() -> !replica.isCurrent())).isTrue();
        HttpResponse<String> snapshot = send("GET", "/revocations/snapshot", "Authorization", INVENTORY);
        assertThat(snapshot.statusCode()).isEqualTo(503);
        assertThat(snapshot.headers().firstValue("Retry-After")).isPresent();
        HttpResponse<String> readiness = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://localhost:"
                                + environment.getProperty("management.server.port") + "/actuator/health/readiness"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(readiness.statusCode()).isEqualTo(503);
        assertThat(readiness.body()).contains("\"revocationLog\":{\"status\":\"DOWN\"");
        server.restart();
        assertThat(soon(() -> revokes("after-the-outage"))).isTrue();
        // Another run of Redis may have lost something: subscribers are sent to the snapshot.
        assertThat(feed.nextNews().type()).isEqualTo("reset");
        assertThat(feed.next().type()).isEqualTo("end");
        assertThat(snapshot().toString()).contains("after-the-outage");
        assertThat(subscribe(position()).next().type()).isEqualTo("heartbeat");
    }

    private boolean revokes(String jti) {
        try {
            revokeToken(jti);
            return true;
        } catch (DataAccessException e) {
            return false;
        }
    }

    @Test
    void issuersOfOneLogAreOneFeedAndOneThatStopsSendsItsSubscribersToTheOthers() throws Exception {
        String start = position();
        try (ConfigurableApplicationContext other = anotherIssuer()) {
            String otherAddress = "http://localhost:" + other.getEnvironment().getRequiredProperty("local.server.port");
            Subscription feed = kept(Subscription.open(otherAddress, INVENTORY, start));
            revokeToken("written-here");
            other.getBean(Revocations.class)
                    .revokeToken("written-there", Instant.now().plusSeconds(300));
            List<Event> events = feed.nextNews(2);
            assertThat(events)
                    .extracting(event -> event.text("value"))
                    .containsExactly("written-here", "written-there");
            SpringApplication.exit(other);
            assertThat(feed.nextNews().type()).isEqualTo("reconnect");
            assertThat(feed.next().type()).isEqualTo("end");
            Subscription here = subscribe(events.getLast().id());
            revokeToken("later");
            assertThat(here.nextNews().text("value")).isEqualTo("later");
        }
    }

    private ConfigurableApplicationContext anotherIssuer() {
        List<String> arguments = new ArrayList<>(
                List.of("--server.port=0", "--management.server.port=0", "--gatehouse.demo.enabled=false"));
        for (String name : List.of(
                "server.address",
                "gatehouse.issuer",
                "gatehouse.keys.master-key",
                "spring.datasource.url",
                "spring.data.redis.url")) {
            arguments.add("--" + name + "=" + environment.getRequiredProperty(name));
        }
        return SpringApplication.run(GatehouseApplication.class, arguments.toArray(String[]::new));
    }
}
