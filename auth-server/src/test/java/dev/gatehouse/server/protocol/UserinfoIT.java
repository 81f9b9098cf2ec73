package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** What a client learns of a person, and what it takes to learn it. */
@GatehouseTest
class UserinfoIT {
    private static final String FORM = "application/x-www-form-urlencoded";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    private ClientSide web = ClientSide.unauthenticated("");

    private ClientSide anybody = web;

    @BeforeEach
    void clients() {
        web = ClientSide.of(issuer, "web", "web-secret");
        anybody = ClientSide.unauthenticated(issuer);
    }

    private String accessToken(String scope) {
        return tokens(scope).text("access_token");
    }

    private Answer tokens(String scope) {
        Browser browser = new Browser(issuer);
        String code = browser.logInAsAlice(browser.open(
                        AuthorizationUrl.of("web").with("scope", scope).toString()))
                .query()
                .getOrDefault("code", "");
        return web.token(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                AuthorizationUrl.REDIRECT_URI,
                "code_verifier",
                AuthorizationUrl.VERIFIER);
    }

    private Answer userinfo(String token) {
        return ClientSide.bearer(issuer, token).get("/userinfo");
    }

    @Test
    void theScopesDecideWhatIsTold() {
        Answer little = userinfo(accessToken("openid"));
        assertThat(little.status()).isEqualTo(200);
        assertThat(little.header("Content-Type")).startsWith("application/json");
        assertThat(little.header("Cache-Control")).contains("no-store");
        assertThat(little.json()).containsOnlyKeys("sub");

        Answer more = userinfo(accessToken("openid profile email"));
        assertThat(more.json())
                .containsEntry("sub", little.text("sub"))
                .containsEntry("name", "Alice Liddell")
                .containsEntry("preferred_username", "alice")
                .containsEntry("email", "alice@example.com")
                .containsKeys("email_verified", "birthdate", "updated_at")
                .doesNotContainKeys("phone_number", "address");
    }

    @Test
    void theTokenMayComeInTheFormOfAPost() {
        String token = accessToken("openid");

        assertThat(anybody.post("/userinfo", ClientSide.form("access_token", token))
                        .json())
                .containsKey("sub");
        assertThat(ClientSide.bearer(issuer, token).post("/userinfo", "").json())
                .containsKey("sub");
    }

    @Test
    void theTokenMayNotComeInTheUrlNorTwice() {
        String token = accessToken("openid");

        assertThat(anybody.get("/userinfo?access_token=" + token).status()).isEqualTo(400);
        assertThat(anybody.post("/userinfo?access_token=" + token, "").status()).isEqualTo(400);
        assertThat(anybody.get("/userinfo?access%5Ftoken=" + token).status()).isEqualTo(400);
        Answer twice = ClientSide.bearer(issuer, token).post("/userinfo", ClientSide.form("access_token", token));
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.error()).isEqualTo("invalid_request");
        assertThat(ClientSide.send(ClientSide.bearer(issuer, token)
                                .request("/userinfo")
                                .header("Authorization", "Bearer " + token))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void withoutATokenNoErrorIsNamed() {
        Answer answer = anybody.get("/userinfo");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(web.get("/userinfo").status()).isEqualTo(401);
    }

    @Test
    void aBadTokenAndAClientsOwnAndAnIdTokenAreRefused() {
        String ofClient = ClientSide.of(issuer, "orders", "orders-secret")
                .token("grant_type", "client_credentials")
                .text("access_token");

        refused(userinfo("garbage"));
        refused(userinfo("<script>"));
        refused(userinfo(ofClient));
        refused(userinfo(tokens("openid").text("id_token")));
    }

    @Test
    void aRevokedTokenIsRefused() {
        String token = accessToken("openid");
        assertThat(userinfo(token).status()).isEqualTo(200);

        web.revoke(token);

        refused(userinfo(token));
    }

    private static void refused(Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer error=\"invalid_token\"");
        assertThat(answer.error()).isEqualTo("invalid_token");
    }

    @Test
    void aTokenWithoutOpenidIsNotEnough() {
        Answer answer = userinfo(accessToken("orders.read"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope", "scope=\"openid\"");
    }

    @Test
    void anApplicationInABrowserMayCallItFromAnyOriginWithoutCookies() {
        Answer preflight = ClientSide.send(anybody.request("/userinfo")
                .header("Origin", "https://spa.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(preflight.header("Access-Control-Allow-Headers")).isEqualToIgnoringCase("authorization");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();

        Answer elsewhere = ClientSide.send(anybody.request("/oauth2/authorize")
                .header("Origin", "https://spa.example")
                .header("Access-Control-Request-Method", "GET")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(elsewhere.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void otherMethodsAreRefused() {
        assertThat(ClientSide.send(anybody.request("/userinfo")
                                .header("Content-Type", FORM)
                                .PUT(BodyPublishers.ofString("")))
                        .status())
                .isEqualTo(405);
    }
}
