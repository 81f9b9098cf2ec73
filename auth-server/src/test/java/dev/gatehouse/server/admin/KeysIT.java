package dev.gatehouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.oauth.Scopes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The signing keys over real HTTP: who may end one, and what happens then. */
@GatehouseTest
@Timeout(60)
@TestPropertySource(
        properties = {
            "gatehouse.keys.algorithms=RS256,ES256,PS256,EdDSA",
            "gatehouse.keys.jwks-max-age=7s",
            "gatehouse.keys.verifier-refresh=0s",
            "gatehouse.keys.clock-skew=0s"
        })
class KeysIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Value("${gatehouse.issuer}")
    private String issuer;

    @Autowired
    private Apis apis;

    @Autowired
    private SigningKeys keys;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void theListShowsEveryKeyAndNothingPrivate() throws Exception {
        HttpResponse<String> answer = get("/admin/api/keys", "Bearer " + operator());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("keys"))
                .allSatisfy(key -> assertThat(key.propertyNames())
                        .containsOnly(
                                "kid",
                                "algorithm",
                                "state",
                                "custody",
                                "published",
                                "created_at",
                                "activates_at",
                                "retired_at"));
        assertThat(kids("RS256", "active")).hasSize(1);
        assertThat(kids("EdDSA", "next")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, /rotation", "POST, /some-kid/compromise"})
    void onlyTheAdminScopeLetsOneIn(String method, String path) throws Exception {
        String url = "/admin/api/keys" + path;

        assertRefused(send(method, url, null, ""), 401, "Bearer");
        assertRefused(send(method, url, basic("operator", "operator-secret"), ""), 401, "Bearer");
        assertRefused(send(method, url, "Bearer garbage", ""), 401, "invalid_token");
        assertRefused(send(method, url, "Bearer " + token("load", "load-secret"), ""), 401, "invalid_token");
        assertRefused(
                send(method, url, "Bearer " + token("inventory", "inventory-secret"), ""), 403, "gatehouse.admin");
        String revoked = operator();
        post("/oauth2/revoke", basic("operator", "operator-secret"), "token=" + revoked);
        assertRefused(send(method, url, "Bearer " + revoked, ""), 401, "invalid_token");
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String challenge) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).contains(challenge);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void noClientGetsTheAdminScopeUnlessItWasGivenToIt() throws Exception {
        HttpResponse<String> asked = post(
                "/oauth2/token",
                basic("inventory", "inventory-secret"),
                "grant_type=client_credentials&scope=gatehouse.admin");

        assertThat(asked.statusCode()).isEqualTo(400);
        assertThat(asked.body()).contains("invalid_scope");
    }

    @Test
    void everythingUnderACompromisedKeyIsRefusedAtOnceAndTheNextKeyWasKnownBefore() throws Exception {
        String bad = kids("RS256", "active").getFirst();
        String next = kids("RS256", "next").getFirst();
        String before = token("load", "load-secret");
        assertThat(isActive(before)).isTrue();
        String admin = operator();

        HttpResponse<String> answer = post("/admin/api/keys/" + bad + "/compromise", "Bearer " + admin, "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("position").asString())
                .isEqualTo(answer.headers().firstValue("Revocation-Position").orElseThrow());
        assertThat(isActive(before)).isFalse();
        assertThat(get("/admin/api/keys", "Bearer " + admin).statusCode()).isEqualTo(401);
        assertThat(published()).doesNotContain(bad).contains(next);
        String after = token("load", "load-secret");
        assertThat(kid(after)).isEqualTo(next);
        assertThat(isActive(after)).isTrue();
        assertThat(post("/admin/api/keys/" + bad + "/compromise", "Bearer " + operator(), "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(kid(token("load", "load-secret"))).isEqualTo(next);
    }

    @Test
    void aCompromiseWhoseWriterDiedBeforeTheRuleIsMadeGood() throws Exception {
        String before = token("load", "load-secret");

        assertThat(keys.compromise(kid(before))).isTrue();

        while (!jdbc.sql("select value from revocation_rules where kind = 'kid'")
                .query(String.class)
                .list()
                .contains(kid(before))) {
            Thread.sleep(50);
        }
    }

    @Test
    void whoFollowsTheFeedIsToldOfTheKeysFirstAndOfEachChangeBeforeTheRule() throws Exception {
        List<String> seen = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        HttpRequest request = request("/revocations/feed", basic("inventory", "inventory-secret"))
                .header("Accept", "text/event-stream")
                .build();
        Thread reader = Thread.ofVirtual().start(() -> read(request, seen, over));
        await(seen, "event: keys");
        String bad = kids("ES256", "active").getFirst();
        assertThat(seen.getFirst()).isEqualTo("event: keys");
        assertThat(seen.get(1)).contains(bad);

        post("/admin/api/keys/" + bad + "/compromise", "Bearer " + operator(), "");
        await(seen, "\"kind\":\"kid\",\"value\":\"" + bad);
        over.set(true);
        reader.interrupt();

        List<String> after = List.copyOf(seen).subList(2, seen.size());
        int fresh = indexOf(after, "data: {\"keys\"");
        assertThat(fresh).isNotNegative().isLessThan(indexOf(after, bad));
    }

    private static int indexOf(List<String> lines, String part) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }

    private static void read(HttpRequest request, List<String> seen, AtomicBoolean over) {
        try (var lines = HTTP.send(request, BodyHandlers.ofLines()).body()) {
            lines.takeWhile(_ -> !over.get()).forEach(line -> {
                synchronized (seen) {
                    seen.add(line);
                }
            });
        } catch (Exception e) {
            if (!over.get()) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void await(List<String> seen, String part) throws InterruptedException {
        while (true) {
            synchronized (seen) {
                if (indexOf(seen, part) >= 0) {
                    return;
                }
            }
            Thread.sleep(10);
        }
    }

    @Test
    void aRotationAheadOfTimeWaitsForTheLead() throws Exception {
        HttpResponse<String> answer = post("/admin/api/keys/rotation", "Bearer " + operator(), "algorithm=PS256");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body()).get("algorithm").asString()).isEqualTo("PS256");
        assertThat(post("/admin/api/keys/rotation", "Bearer " + operator(), "algorithm=HS256")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/admin/api/keys/no-such-key/compromise", "Bearer " + operator(), "")
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"PS256, PS256", "ES256, ES256", "EDDSA, EdDSA"})
    void theTokensOfAnApiAreSignedByTheAlgorithmThatItWants(SigningAlgorithm algorithm, String value) throws Exception {
        String audience = "https://api.example/" + value;
        apis.save(new Api(audience, Scopes.of("inventory.read"), algorithm));

        String token = JSON.readTree(post(
                                "/oauth2/token",
                                basic("load", "load-secret"),
                                "grant_type=client_credentials&resource=" + audience)
                        .body())
                .get("access_token")
                .asString();

        assertThat(JWSObject.parse(token).getHeader().getAlgorithm().getName()).isEqualTo(value);
        assertThat(isActive(token)).isTrue();
    }

    @Test
    void theJwkSetMayBeKeptForAsLongAsIsConfiguredAndTheMetadataNameTheAlgorithms() throws Exception {
        assertThat(get("/oauth2/jwks", null).headers().firstValue("Cache-Control"))
                .contains("max-age=7, public");
        assertThat(JSON.readTree(get("/.well-known/openid-configuration", null).body())
                        .get("id_token_signing_alg_values_supported"))
                .extracting(JsonNode::asString)
                .containsExactly("RS256", "ES256", "PS256", "EdDSA");
    }

    private String operator() throws Exception {
        return token("operator", "operator-secret");
    }

    private String token(String client, String secret) throws Exception {
        return JSON.readTree(post("/oauth2/token", basic(client, secret), "grant_type=client_credentials")
                        .body())
                .get("access_token")
                .asString();
    }

    private boolean isActive(String token) throws Exception {
        return JSON.readTree(post("/oauth2/introspect", basic("inventory", "inventory-secret"), "token=" + token)
                        .body())
                .get("active")
                .asBoolean();
    }

    private static String kid(String token) throws Exception {
        return JWSObject.parse(token).getHeader().getKeyID();
    }

    private List<String> kids(String algorithm, String state) throws Exception {
        List<String> kids = new ArrayList<>();
        for (JsonNode key : JSON.readTree(
                        get("/admin/api/keys", "Bearer " + operator()).body())
                .get("keys")) {
            if (Map.of("algorithm", algorithm, "state", state)
                    .equals(Map.of(
                            "algorithm",
                            key.get("algorithm").asString(),
                            "state",
                            key.get("state").asString()))) {
                kids.add(key.get("kid").asString());
            }
        }
        return kids;
    }

    private List<String> published() throws Exception {
        List<String> kids = new ArrayList<>();
        JSON.readTree(get("/oauth2/jwks", null).body())
                .get("keys")
                .forEach(key -> kids.add(key.get("kid").asString()));
        return kids;
    }

    private HttpResponse<String> get(String path, @Nullable String authorization) throws Exception {
        return send("GET", path, authorization, "");
    }

    private HttpResponse<String> post(String path, String authorization, String form) throws Exception {
        return send("POST", path, authorization, form);
    }

    private HttpResponse<String> send(String method, String path, @Nullable String authorization, String form)
            throws Exception {
        return HTTP.send(
                request(path, authorization)
                        .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, @Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer + path))
                .header("Content-Type", "application/x-www-form-urlencoded");
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }
}
