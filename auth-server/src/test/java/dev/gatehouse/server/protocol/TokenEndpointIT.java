package dev.gatehouse.server.protocol;

import static dev.gatehouse.server.protocol.ClientSide.claims;
import static dev.gatehouse.server.protocol.ClientSide.form;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.server.GatehouseTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Value;

/** What every client of the token, revocation and introspection endpoints relies on, and what no input may break. */
@GatehouseTest
class TokenEndpointIT {
    private static final String CLIENT_CREDENTIALS = "client_credentials";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    private ClientSide load = ClientSide.unauthenticated("");

    private ClientSide orders = load;

    private ClientSide nobody = load;

    @BeforeEach
    void clients() {
        load = ClientSide.of(issuer, "load", "load-secret");
        orders = ClientSide.of(issuer, "orders", "orders-secret");
        nobody = ClientSide.unauthenticated(issuer);
    }

    @Test
    void aClientGetsAnAccessTokenForItsApi() throws Exception {
        Answer answer = orders.token("grant_type", CLIENT_CREDENTIALS);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.text("token_type")).isEqualToIgnoringCase("Bearer");
        assertThat(answer.json()).containsEntry("expires_in", 300).doesNotContainKeys("refresh_token", "id_token");
        SignedJWT token = SignedJWT.parse(answer.text("access_token"));
        JWKSet keys = JWKSet.parse(nobody.get("/oauth2/jwks").response().body());
        assertThat(token.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(token.getHeader().getType()).hasToString("at+jwt");
        assertThat(token.getHeader().getAlgorithm()).hasToString("RS256");
        assertThat(claims(answer.text("access_token")))
                .containsEntry("iss", issuer)
                .containsEntry("sub", "orders")
                .containsEntry("client_id", "orders")
                .containsEntry("aud", "http://localhost:8082")
                .containsEntry("scope", "inventory.read inventory.write")
                .containsKeys("iat", "exp", "jti", "rev")
                .doesNotContainKeys("sid", "grant_id", "auth_time", "roles");
    }

    @Test
    void aClientAsksForLessThanItMay() {
        Answer answer = orders.token("grant_type", CLIENT_CREDENTIALS, "scope", "inventory.read");

        assertThat(claims(answer.text("access_token"))).containsEntry("scope", "inventory.read");
    }

    @Test
    void theSecretMayComeInTheBody() {
        Answer answer =
                nobody.token("grant_type", CLIENT_CREDENTIALS, "client_id", "load", "client_secret", "load-secret");

        assertThat(answer.status()).isEqualTo(200);
    }

    static Stream<Arguments> badTokenRequests() {
        return Stream.of(
                bad("", "invalid_request"),
                bad("grant_type=", "invalid_request"),
                bad("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
                bad("grant_type=client_credentials&scope=inventory.read&scope=inventory.read", "invalid_request"),
                bad("grant_type=password&username=alice&password=x", "unsupported_grant_type"),
                bad("grant_type=implicit", "unsupported_grant_type"),
                bad("grant_type=%00", "invalid_request"),
                bad("grant_type=client_credentials&scope=%C3%A4", "invalid_scope"),
                bad("grant_type=client_credentials&scope=nothing.such", "invalid_scope"),
                bad("grant_type=client_credentials&scope=openid", "invalid_scope"),
                bad("grant_type=client_credentials&scope=inventory.read+inventory.write", "invalid_scope"),
                bad("grant_type=client_credentials&resource=https%3A%2F%2Felsewhere.example", "invalid_target"),
                bad("grant_type=client_credentials&resource=not-a-uri", "invalid_target"),
                bad(
                        "grant_type=client_credentials&resource=http%3A%2F%2Flocalhost%3A8082&resource=http%3A%2F%2Flocalhost%3A8081",
                        "invalid_target"),
                bad("grant_type=authorization_code&code=x", "unauthorized_client"),
                bad("grant_type=refresh_token&refresh_token=x", "unauthorized_client"),
                bad("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange", "unauthorized_client"),
                bad("grant_type=client_credentials&client_id=orders", "invalid_request"),
                bad("grant_type=client_credentials&client_secret=load-secret", "invalid_request"),
                bad("grant_type=client_credentials&x=%zz", "invalid_request"),
                bad("grant_type=client_credentials&x=" + "a".repeat(20_000), "invalid_request"),
                bad("grant_type=client_credentials" + "&x=1".repeat(500), "invalid_request"));
    }

    private static Arguments bad(String body, String error) {
        return Arguments.of(body, error);
    }

    @ParameterizedTest
    @MethodSource("badTokenRequests")
    void aBadTokenRequestGetsTheStandardError(String body, String error) {
        Answer answer = load.post("/oauth2/token", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    static Stream<Arguments> badCredentials() {
        return Stream.of(
                Arguments.of("Basic bG9hZDp3cm9uZw=="),
                Arguments.of("Basic bm9ib2R5OndoYXRldmVy"),
                Arguments.of("Basic !!!!"),
                Arguments.of("Basic bG9hZA=="),
                Arguments.of("Basic bG9hZDo="),
                Arguments.of("Basic AAA6AAA="),
                Arguments.of("Bearer abc"),
                Arguments.of("Digest x"),
                Arguments.of("Basic c3BhOg=="));
    }

    @ParameterizedTest
    @MethodSource("badCredentials")
    void aClientThatIsNotBelievedIsToldNothingOfWhy(String authorization) {
        for (String path : List.of("/oauth2/token", "/oauth2/revoke", "/oauth2/introspect")) {
            Answer answer = ClientSide.send(nobody.request(path)
                    .header("Authorization", authorization)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("grant_type=client_credentials&token=x")));

            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.error()).isEqualTo("invalid_client");
            assertThat(answer.header("WWW-Authenticate")).startsWith("Basic");
        }
    }

    @Test
    void aClientMustSayWhoItIs() {
        assertThat(nobody.token("grant_type", CLIENT_CREDENTIALS).error()).isEqualTo("invalid_client");
        assertThat(nobody.token("grant_type", CLIENT_CREDENTIALS, "client_id", "load")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void onlyPostWithAFormIsTaken() {
        for (String path : List.of("/oauth2/token", "/oauth2/revoke", "/oauth2/introspect")) {
            Answer get = load.get(path);
            assertThat(get.status()).as(path).isEqualTo(405);
            assertThat(get.header("Allow")).isEqualTo("POST");
            assertThat(get.error()).isEqualTo("invalid_request");
            Answer json = ClientSide.send(load.request(path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"grant_type\":\"client_credentials\"}")));
            assertThat(json.status()).isEqualTo(400);
            assertThat(json.error()).isEqualTo("invalid_request");
            Answer query = load.post(path + "?grant_type=client_credentials&token=x", "");
            assertThat(query.status()).isEqualTo(400);
            assertThat(query.error()).isEqualTo("invalid_request");
        }
    }

    @Test
    void aRevokedTokenIsInactiveAndItsRevocationCanBeRepeated() {
        String token = load.token("grant_type", CLIENT_CREDENTIALS).text("access_token");
        ClientSide inventory = ClientSide.of(issuer, "inventory", "inventory-secret");
        assertThat(inventory.introspect(token).json())
                .containsEntry("active", true)
                .containsEntry("client_id", "load")
                .containsEntry("scope", "inventory.read")
                .containsEntry("token_type", "Bearer");

        assertThat(load.revoke(token).status()).isEqualTo(200);
        assertThat(load.revoke(token).status()).isEqualTo(200);

        assertThat(inventory.introspect(token).json()).isEqualTo(Map.of("active", false));
    }

    @Test
    void nobodyRevokesAnotherClientsToken() {
        String token = load.token("grant_type", CLIENT_CREDENTIALS).text("access_token");

        Answer answer = orders.revoke(token);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("unauthorized_client");
        assertThat(orders.introspect(token).json()).containsEntry("active", true);
    }

    @Test
    void revokingWhatIsNoTokenIsNoError() {
        for (String token : List.of("x", "a.b.c", "gh_" + "A".repeat(100))) {
            assertThat(load.revoke(token).status()).isEqualTo(200);
        }
        assertThat(load.post("/oauth2/revoke", "").error()).isEqualTo("invalid_request");
        assertThat(load.post("/oauth2/revoke", form("token", "x", "token_type_hint", "nonsense"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void introspectionIsForClientsThatAuthenticateAndTakesATokenForTheIssuer() {
        String token = load.token("grant_type", CLIENT_CREDENTIALS).text("access_token");

        assertThat(nobody.post("/oauth2/introspect", form("token", token, "client_id", "spa"))
                        .status())
                .isEqualTo(401);
        assertThat(ClientSide.bearer(issuer, token).introspect(token).status()).isEqualTo(401);
        String own = ClientSide.of(issuer, "inventory", "inventory-secret")
                .token("grant_type", CLIENT_CREDENTIALS)
                .text("access_token");
        assertThat(ClientSide.bearer(issuer, own).introspect(token).json()).containsEntry("active", true);
        assertThat(load.introspect("garbage").json()).isEqualTo(Map.of("active", false));
    }

    @Test
    void theDocumentsMayBeKeptAndAreNotSentTwice() {
        for (String path : List.of(
                "/oauth2/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")) {
            Answer first = nobody.get(path);
            assertThat(first.status()).as(path).isEqualTo(200);
            assertThat(first.header("Cache-Control")).contains("max-age=").doesNotContain("no-store");
            assertThat(first.header("Access-Control-Allow-Origin")).isEmpty();
            Answer again = ClientSide.send(nobody.request(path).header("If-None-Match", first.header("ETag")));
            assertThat(again.status()).isEqualTo(304);
            assertThat(first.response().body()).doesNotContain("\"d\"").doesNotContain("\"p\"");
        }
        assertThat(nobody.get("/.well-known/openid-configuration").text("issuer"))
                .isEqualTo(issuer);
    }

    @Test
    void aBrowserApplicationMayCallTheTokenEndpointWithoutCookies() {
        Answer preflight = ClientSide.send(nobody.request("/oauth2/token")
                .header("Origin", "http://127.0.0.1:8765")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();
    }
}
