package dev.gatehouse.server.protocol;

import static dev.gatehouse.server.protocol.ClientSide.claims;
import static dev.gatehouse.server.protocol.ClientSide.together;
import static dev.gatehouse.server.protocol.GrantedCodes.REDIRECT_URI;
import static dev.gatehouse.server.protocol.GrantedCodes.VERIFIER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** From a code to tokens, on to refreshed and exchanged ones, and what happens when one of them is shown twice. */
@GatehouseTest
class GrantFlowsIT {
    private static final String SCOPE = "openid profile orders.read orders.write";

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private static final String INVENTORY = "http://localhost:8082";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private GrantedCodes codes;

    private ClientSide web = ClientSide.unauthenticated("");

    private ClientSide orders = web;

    private ClientSide nobody = web;

    @BeforeEach
    void clients() {
        web = ClientSide.of(issuer, "web", "web-secret");
        orders = ClientSide.of(issuer, "orders", "orders-secret");
        nobody = ClientSide.unauthenticated(issuer);
    }

    private Answer redeem(String code) {
        return web.token(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", REDIRECT_URI,
                "code_verifier", VERIFIER);
    }

    private Answer login() {
        return redeem(codes.forClient("web", SCOPE));
    }

    private Answer refresh(String refreshToken) {
        return web.token("grant_type", "refresh_token", "refresh_token", refreshToken);
    }

    private boolean isActive(String token) {
        return Boolean.TRUE.equals(orders.introspect(token).json().get("active"));
    }

    @Test
    void aCodeGivesAnAccessTokenARefreshTokenAndAnIdToken() {
        Answer answer = login();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(claims(answer.text("access_token")))
                .containsEntry("aud", "http://localhost:8081")
                .containsEntry("client_id", "web")
                .containsEntry("scope", SCOPE)
                .containsEntry("roles", List.of("user"))
                .containsKeys("auth_time", "acr", "amr", "grant_id", "jti");
        assertThat(claims(answer.text("id_token")))
                .containsEntry("aud", "web")
                .containsEntry("nonce", "n-0S6_WzA2Mj")
                .containsKeys("auth_time", "at_hash", "sub");
        assertThat(answer.text("refresh_token")).isNotEqualTo("null");
    }

    @Test
    void aCodeIsOfNoUseWithoutItsProofsAndIsNotSpentByTrying() {
        String code = codes.forClient("web", SCOPE);
        List<Answer> refused = List.of(
                web.token("grant_type", "authorization_code", "code", code, "redirect_uri", REDIRECT_URI),
                web.token("grant_type", "authorization_code", "code", code, "code_verifier", VERIFIER),
                web.token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        REDIRECT_URI + "/",
                        "code_verifier",
                        VERIFIER),
                web.token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        REDIRECT_URI,
                        "code_verifier",
                        VERIFIER.replace('d', 'e')),
                nobody.token(
                        "grant_type", "authorization_code",
                        "code", code,
                        "redirect_uri", REDIRECT_URI,
                        "code_verifier", VERIFIER,
                        "client_id", "spa"));

        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error()).isEqualTo("invalid_grant");
        });
        assertThat(redeem(code).status()).isEqualTo(200);
    }

    @Test
    void ofAHundredRedemptionsOfOneCodeOneSucceedsAndItsTokensDie() {
        String code = codes.forClient("web", SCOPE);

        List<Answer> answers = together(100, () -> redeem(code));

        List<Answer> good = answers.stream().filter(a -> a.status() == 200).toList();
        assertThat(good).hasSize(1);
        assertThat(answers)
                .filteredOn(a -> a.status() != 200)
                .allMatch(a -> a.error().equals("invalid_grant"));
        assertThat(redeem(code).error()).isEqualTo("invalid_grant");
        assertThat(isActive(good.getFirst().text("access_token"))).isFalse();
        assertThat(refresh(good.getFirst().text("refresh_token")).error()).isEqualTo("invalid_grant");
    }

    @Test
    void ofAHundredRefreshesWithOneTokenOneRotatesAndAllAreAnsweredAlike() {
        String refreshToken = login().text("refresh_token");

        List<Answer> answers = together(100, () -> refresh(refreshToken));

        assertThat(answers).allMatch(a -> a.status() == 200);
        assertThat(answers.stream().map(Answer::json).collect(Collectors.toSet()))
                .hasSize(1);
        String successor = answers.getFirst().text("refresh_token");
        assertThat(successor).isNotEqualTo(refreshToken);
        assertThat(refresh(successor).status()).isEqualTo(200);
    }

    @Test
    void aStolenRefreshTokenEndsItsFamily() {
        Answer first = login();
        Answer second = refresh(first.text("refresh_token"));
        Answer third = refresh(second.text("refresh_token"));
        assertThat(isActive(third.text("access_token"))).isTrue();

        Answer stolen = refresh(first.text("refresh_token"));

        assertThat(stolen.error()).isEqualTo("invalid_grant");
        assertThat(refresh(third.text("refresh_token")).error()).isEqualTo("invalid_grant");
        for (Answer answer : List.of(first, second, third)) {
            assertThat(isActive(answer.text("access_token"))).isFalse();
        }
    }

    @Test
    void aRefusedRefreshDoesNotCostTheClientItsToken() {
        String refreshToken = login().text("refresh_token");
        Map<String, Answer> refused = Map.of(
                "invalid_scope",
                web.token("grant_type", "refresh_token", "refresh_token", refreshToken, "scope", "email"),
                "invalid_target",
                web.token(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        refreshToken,
                        "resource",
                        "https://else.example"));

        refused.forEach((error, answer) -> assertThat(answer.error()).isEqualTo(error));
        assertThat(orders.token("grant_type", "refresh_token", "refresh_token", refreshToken)
                        .status())
                .isEqualTo(400);
        Answer narrowed =
                web.token("grant_type", "refresh_token", "refresh_token", refreshToken, "scope", "orders.read");
        assertThat(claims(narrowed.text("access_token"))).containsEntry("scope", "orders.read");
        assertThat(claims(refresh(narrowed.text("refresh_token")).text("access_token")))
                .containsEntry("scope", SCOPE);
    }

    @Test
    void revokingTheRefreshTokenEndsEverythingOfTheGrant() {
        Answer first = login();
        Answer second = refresh(first.text("refresh_token"));

        assertThat(web.revoke(second.text("refresh_token")).status()).isEqualTo(200);

        assertThat(isActive(first.text("access_token"))).isFalse();
        assertThat(isActive(second.text("access_token"))).isFalse();
        assertThat(refresh(second.text("refresh_token")).error()).isEqualTo("invalid_grant");
    }

    @Test
    void aPublicClientGetsNoRefreshTokenUnlessItsRegistrationSaysSo() {
        Answer answer = nobody.token(
                "grant_type",
                "authorization_code",
                "code",
                codes.forClient("spa", "openid profile orders.read"),
                "redirect_uri",
                REDIRECT_URI,
                "code_verifier",
                VERIFIER,
                "client_id",
                "spa");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).containsKey("id_token").doesNotContainKey("refresh_token");
        assertThat(claims(answer.text("access_token"))).doesNotContainKey("grant_id");
    }

    private Answer exchange(String subjectToken, String... more) {
        List<String> parameters = new ArrayList<>(List.of(
                "grant_type", EXCHANGE,
                "subject_token", subjectToken,
                "subject_token_type", ACCESS_TOKEN,
                "resource", INVENTORY));
        parameters.addAll(List.of(more));
        return orders.token(parameters.toArray(String[]::new));
    }

    @Test
    void aServiceExchangesATokenForOneThatDiesWithIt() {
        Answer login = login();
        String subject = login.text("access_token");

        Answer answer = exchange(subject, "scope", "inventory.write");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("issued_token_type")).isEqualTo(ACCESS_TOKEN);
        Map<String, Object> before = claims(subject);
        Map<String, Object> after = claims(answer.text("access_token"));
        assertThat(after)
                .containsEntry("sub", before.get("sub"))
                .containsEntry("aud", INVENTORY)
                .containsEntry("client_id", "orders")
                .containsEntry("scope", "inventory.write")
                .containsEntry("grant_id", before.get("grant_id"))
                .containsEntry("act", Map.of("sub", "orders"));
        assertThat((Long) after.get("exp")).isLessThanOrEqualTo((Long) before.get("exp"));

        web.revoke(subject);
        assertThat(isActive(answer.text("access_token"))).isFalse();
        assertThat(exchange(subject).error()).isEqualTo("invalid_request");
    }

    @Test
    void anExchangeNeverWidens() {
        String readOnly = web.token(
                        "grant_type", "refresh_token",
                        "refresh_token", login().text("refresh_token"),
                        "scope", "orders.read")
                .text("access_token");

        assertThat(exchange(readOnly, "scope", "inventory.write").error()).isEqualTo("invalid_scope");
        assertThat(exchange(readOnly, "scope", "inventory.read").status()).isEqualTo(200);
        assertThat(exchange(readOnly, "scope", "openid").error()).isEqualTo("invalid_scope");
        assertThat(exchange(readOnly, "audience", "http://localhost:8081").error())
                .isEqualTo("invalid_target");
        assertThat(exchange(readOnly, "requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
                        .error())
                .isEqualTo("invalid_request");
        String notForOrders = ClientSide.of(issuer, "load", "load-secret")
                .token("grant_type", "client_credentials")
                .text("access_token");
        assertThat(exchange(notForOrders).error()).isEqualTo("invalid_request");
        assertThat(exchange("garbage").error()).isEqualTo("invalid_request");
        assertThat(exchange(login().text("id_token")).error()).isEqualTo("invalid_request");
    }
}
