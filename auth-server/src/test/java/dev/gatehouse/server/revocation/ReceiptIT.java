package dev.gatehouse.server.revocation;

import static dev.gatehouse.server.revocation.TestIssuers.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How far a revocation has got, as whoever wrote it may ask. */
@GatehouseTest
@Timeout(120)
class ReceiptIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String INVENTORY = basic("inventory", "inventory-secret");

    private static final String ORDERS = basic("orders", "orders-secret");

    private final List<Subscription> open = new ArrayList<>();

    @Autowired
    private Revocations revocations;

    @Autowired
    private Acknowledgements acknowledgements;

    @Autowired
    private Subscribers subscribers;

    @Autowired
    private StringRedisTemplate redis;

    @Autowired
    private MeterRegistry meters;

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @AfterEach
    void leave() {
        open.forEach(Subscription::close);
        assertThat(soon(() -> subscribers.count() == 0)).isTrue();
    }

    private static String basic(String client, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private Subscription connect(String authorization, String name) throws IOException, InterruptedException {
        Subscription feed = Subscription.named(issuer, authorization, name);
        open.add(feed);
        assertThat(feed.next().type()).isEqualTo("heartbeat");
        return feed;
    }

    private HttpResponse<String> post(String path, String authorization, String... parameters)
            throws IOException, InterruptedException {
        List<String> form = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            form.add(parameters[i] + "=" + URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(issuer + path))
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(String.join("&", form)))
                        .build(),
                BodyHandlers.ofString());
    }

    private Map<String, Object> receipt(String position) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("/revocations/wait", ORDERS, "position", position, "timeout_ms", "300");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        return JsonMapper.shared().readValue(answer.body(), new TypeReference<>() {});
    }

    private void acknowledge(String authorization, String name, String position)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = post(
                "/revocations/applied",
                authorization,
                "verifier",
                name,
                "position",
                position,
                "first",
                position,
                "held_ms",
                "0");
        assertThat(answer.statusCode()).isEqualTo(204);
    }

    private String revoke(String jti) {
        return revocations.revokeToken(jti, Instant.now().plusSeconds(300)).toString();
    }

    @Test
    void whoeverRevokesATokenLearnsWhenEveryVerifierHasAppliedIt() throws Exception {
        String token = String.valueOf(JsonMapper.shared()
                .readValue(
                        post("/oauth2/token", ORDERS, "grant_type", "client_credentials")
                                .body(),
                        new TypeReference<Map<String, Object>>() {})
                .get("access_token"));
        connect(INVENTORY, "pod-1");
        connect(INVENTORY, "pod-2");
        connect(ORDERS, "pod-1");
        HttpResponse<String> revoked = post("/oauth2/revoke", ORDERS, "token", token);
        assertThat(revoked.statusCode()).isEqualTo(200);
        String position = revoked.headers().firstValue("Revocation-Position").orElseThrow();
        assertThat(receipt(position))
                .containsEntry("position", position)
                .containsEntry("verifiers", 3)
                .containsEntry("applied", 0)
                .containsEntry("stragglers", List.of("inventory/pod-1", "inventory/pod-2", "orders/pod-1"))
                .doesNotContainKey("slowest_ms");
        acknowledge(INVENTORY, "pod-2", position);
        acknowledge(ORDERS, "pod-1", position);
        assertThat(receipt(position))
                .containsEntry("applied", 2)
                .containsEntry("stragglers", List.of("inventory/pod-1"));
        acknowledge(INVENTORY, "pod-1", position);
        assertThat(receipt(position))
                .containsEntry("verifiers", 3)
                .containsEntry("applied", 3)
                .containsEntry("stragglers", List.of())
                .containsKey("slowest_ms");
        assertThat(meters.get("gatehouse.revocation.applied").timer().count()).isPositive();
        assertThat(post("/oauth2/revoke", ORDERS, "token", "unknown").headers().map())
                .doesNotContainKey("Revocation-Position");
    }

    @Test
    void theAnswerComesAsSoonAsTheLastOneHasApplied() throws Exception {
        connect(INVENTORY, "pod-1");
        String position = revoke("soon");
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(200);
                acknowledge(INVENTORY, "pod-1", position);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        HttpResponse<String> answer = post("/revocations/wait", ORDERS, "position", position, "timeout_ms", "30000");
        assertThat(answer.body()).contains("\"verifiers\":1,\"applied\":1,", "\"stragglers\":[]");
    }

    @Test
    void nobodyAcknowledgesForAnotherClientOrTakesBackWhatWasAcknowledged() throws Exception {
        connect(INVENTORY, "pod-1");
        String earlier = revoke("earlier");
        String position = revoke("later");
        acknowledge(ORDERS, "pod-1", position);
        assertThat(receipt(position)).containsEntry("verifiers", 1).containsEntry("applied", 0);
        acknowledge(INVENTORY, "pod-1", position);
        acknowledge(INVENTORY, "pod-1", earlier);
        assertThat(receipt(position)).containsEntry("applied", 1);
    }

    @Test
    void whoConnectsFromAPositionHasAppliedItAndWhoLeavesIsNotWaitedFor() throws Exception {
        String position = revoke("before");
        Subscription feed = connect(INVENTORY, "pod-1");
        assertThat(receipt(position)).containsEntry("verifiers", 1).containsEntry("applied", 1);
        String after = revoke("after");
        assertThat(receipt(after)).containsEntry("applied", 0);
        feed.close();
        assertThat(soon(() -> acknowledgements
                        .receipt(LogPosition.parse(after).orElseThrow())
                        .isComplete()))
                .isTrue();
    }

    @Test
    void anOldConnectionThatEndsDoesNotTakeTheNewOneAlong() throws Exception {
        Subscription old = connect(INVENTORY, "pod-1");
        connect(INVENTORY, "pod-1");
        old.close();
        assertThat(soon(() -> subscribers.count() == 1)).isTrue();
        String position = revoke("on-and-on");
        assertThat(receipt(position))
                .containsEntry("verifiers", 1)
                .containsEntry("stragglers", List.of("inventory/pod-1"));
    }

    @Test
    void aVerifierWithoutANameIsServedAndNotWaitedFor() throws Exception {
        open.add(Subscription.open(issuer, INVENTORY));
        assertThat(open.getLast().next().type()).isEqualTo("heartbeat");
        assertThat(receipt(revoke("nameless"))).containsEntry("verifiers", 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "ä", "a,b"})
    void aNameThatIsNoneIsRefused(String name) throws Exception {
        Subscription feed = Subscription.named(issuer, INVENTORY, name);
        open.add(feed);
        assertThat(feed.status()).isEqualTo(400);
    }

    @Test
    void twoNamesAndALongOneAreRefused() throws Exception {
        open.add(Subscription.named(issuer, INVENTORY, "a", "b"));
        assertThat(open.getLast().status()).isEqualTo(400);
        open.add(Subscription.named(issuer, INVENTORY, "x".repeat(129)));
        assertThat(open.getLast().status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/revocations/wait, ''",
        "/revocations/wait, position=",
        "/revocations/wait, position=1",
        "/revocations/wait, position=1-1&position=1-1",
        "/revocations/wait, position=1-1&timeout_ms=-1",
        "/revocations/wait, position=1-1&timeout_ms=30001",
        "/revocations/wait, position=1-1&timeout_ms=99999999999999999999",
        "/revocations/applied, ''",
        "/revocations/applied, verifier=a&position=1-1&held_ms=0",
        "/revocations/applied, verifier=a&position=1-1&first=1-1",
        "/revocations/applied, verifier=a&position=1-1&first=x&held_ms=0",
        "/revocations/applied, verifier=a b&position=1-1&first=1-1&held_ms=0",
        "/revocations/applied, verifier=a&position=1-1&first=1-1&held_ms=3600001"
    })
    void badInputIsRefused(String path, String form) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer + path))
                .header("Authorization", INVENTORY)
                .header("Content-Type", "application/x-www-form-urlencoded");
        HttpResponse<String> answer =
                HTTP.send(request.POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/revocations/wait", "/revocations/applied"})
    void onlyAuthenticatedFormsArePosted(String path) throws Exception {
        HttpRequest get = HttpRequest.newBuilder(URI.create(issuer + path))
                .header("Authorization", INVENTORY)
                .build();
        assertThat(HTTP.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        HttpRequest json = HttpRequest.newBuilder(URI.create(issuer + path))
                .header("Authorization", INVENTORY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        assertThat(HTTP.send(json, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
        assertThat(post(path, basic("inventory", "wrong"), "position", "1-1").statusCode())
                .isEqualTo(401);
    }

    @Test
    void aPositionThatTheLogHasNotReachedIsNotFound() throws Exception {
        LogPosition next = LogPosition.parse(revoke("last")).orElseThrow().next();
        assertThat(post("/revocations/wait", ORDERS, "position", next.toString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void verifiersOfAnIssuerThatDiedAreForgottenAndTheKeyHasATimeToLive() throws Exception {
        connect(INVENTORY, "pod-1");
        assertThat(redis.getExpire(Acknowledgements.KEY)).isPositive();
        redis.opsForHash().put(Acknowledgements.KEY, "inventory/dead:seen", "1763900000000");
        redis.opsForHash().put(Acknowledgements.KEY, "inventory/dead:applied", "1763900000000-1 1763900000000");
        assertThat(receipt(revoke("after-a-death"))).containsEntry("verifiers", 1);
        acknowledgements.forgetGone();
        assertThat(redis.opsForHash().keys(Acknowledgements.KEY))
                .containsExactlyInAnyOrder("inventory/pod-1:seen", "inventory/pod-1:applied");
    }
}
