package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Log-out at the wish of a client, and who cannot bring it about. */
@GatehouseTest
class LogoutIT {
    private static final String AFTERWARDS = "http://127.0.0.1:8765/";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private StringRedisTemplate redis;

    private Browser browser = new Browser("");

    @BeforeEach
    void openBrowser() {
        browser = new Browser(issuer);
    }

    private Answer logIn(Browser where) {
        Page callback = where.logInAsAlice(where.open(AuthorizationUrl.of("web").toString()));
        return ClientSide.of(issuer, "web", "web-secret")
                .token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        callback.query().getOrDefault("code", ""),
                        "redirect_uri",
                        AuthorizationUrl.REDIRECT_URI,
                        "code_verifier",
                        AuthorizationUrl.VERIFIER);
    }

    private boolean isLoggedIn() {
        return browser.get(AuthorizationUrl.of("web").with("prompt", "none").toString())
                .query()
                .containsKey("code");
    }

    private static String logout(String... parameters) {
        return "/connect/logout?" + ClientSide.form(parameters);
    }

    @Test
    void withTheIdTokenOfTheLoginItEndsAtOnceAndTakesTheTokensAlong() {
        Answer tokens = logIn(browser);

        Page page = browser.get(logout(
                "id_token_hint", tokens.text("id_token"), "post_logout_redirect_uri", AFTERWARDS, "state", "s & t"));

        assertThat(page.status()).isEqualTo(303);
        assertThat(page.location()).startsWith(AFTERWARDS + "?");
        assertThat(page.query()).containsExactly(Map.entry("state", "s & t"));
        assertThat(isLoggedIn()).isFalse();
        assertThat(ClientSide.bearer(issuer, tokens.text("access_token"))
                        .get("/userinfo")
                        .status())
                .isEqualTo(401);
        assertThat(ClientSide.of(issuer, "web", "web-secret")
                        .token("grant_type", "refresh_token", "refresh_token", tokens.text("refresh_token"))
                        .error())
                .isEqualTo("invalid_grant");
    }

    @Test
    void aLoginThatIdledOutTakesItsTokensAlongAllTheSame() {
        Answer tokens = logIn(browser);
        String sid = String.valueOf(ClientSide.claims(tokens.text("id_token")).get("sid"));
        redis.opsForHash().put("gh:login:{" + sid + "}", "until", "1");
        assertThat(isLoggedIn()).isFalse();

        browser.get(logout("id_token_hint", tokens.text("id_token")));

        assertThat(ClientSide.bearer(issuer, tokens.text("access_token"))
                        .get("/userinfo")
                        .status())
                .isEqualTo(401);
        assertThat(ClientSide.of(issuer, "web", "web-secret")
                        .token("grant_type", "refresh_token", "refresh_token", tokens.text("refresh_token"))
                        .error())
                .isEqualTo("invalid_grant");
    }

    @Test
    void aClientMayPostItAndAskTwice() {
        Answer tokens = logIn(browser);
        Map<String, String> form =
                Map.of("id_token_hint", tokens.text("id_token"), "post_logout_redirect_uri", AFTERWARDS);

        assertThat(browser.follow(browser.postFromElsewhere("/connect/logout", form))
                        .location())
                .isEqualTo(AFTERWARDS);
        assertThat(isLoggedIn()).isFalse();
        assertThat(browser.follow(browser.postFromElsewhere("/connect/logout", form))
                        .location())
                .isEqualTo(AFTERWARDS);
    }

    @Test
    void aLinkAloneLogsNobodyOutButAsks() {
        logIn(browser);

        Page question =
                browser.get(logout("client_id", "web", "post_logout_redirect_uri", AFTERWARDS, "state", "\"<x>"));

        assertThat(question.status()).isEqualTo(200);
        assertThat(question.body()).contains("alice").doesNotContain("<x>");
        assertThat(question.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(isLoggedIn()).isTrue();

        Page page = browser.post("/connect/logout", question.hidden());
        assertThat(page.location()).startsWith(AFTERWARDS + "?state=");
        assertThat(isLoggedIn()).isFalse();
    }

    @Test
    void aFormOfAnotherSiteLogsNobodyOut() {
        logIn(browser);
        Map<String, String> forged = new HashMap<>(Map.of("confirmed", "yes"));

        assertThat(browser.postFromElsewhere("/connect/logout", forged).status())
                .isEqualTo(403);
        assertThat(browser.post("/connect/logout", forged).status()).isEqualTo(403);
        forged.put("_csrf", "guessed");
        assertThat(browser.post("/connect/logout", forged).status()).isEqualTo(403);
        assertThat(browser.get("/connect/logout?confirmed=yes").status()).isEqualTo(200);
        assertThat(isLoggedIn()).isTrue();
    }

    @Test
    void anIdTokenOfAnotherLoginAndWhatIsNoneOnlyAsk() {
        Answer mine = logIn(browser);
        String another = logIn(new Browser(issuer)).text("id_token");
        String none =
                "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + mine.text("id_token").split("\\.", -1)[1] + ".";

        for (String hint : new String[] {another, none, mine.text("access_token"), "garbage"}) {
            assertThat(browser.get(logout("id_token_hint", hint)).status()).isEqualTo(200);
            assertThat(isLoggedIn()).isTrue();
        }
    }

    @Test
    void theBrowserIsSentToRegisteredPlacesOnly() {
        Answer tokens = logIn(browser);
        String idToken = tokens.text("id_token");

        refused(logout("id_token_hint", idToken, "post_logout_redirect_uri", "https://evil.example/"));
        refused(logout("id_token_hint", idToken, "post_logout_redirect_uri", AFTERWARDS + "x"));
        refused(logout("client_id", "spa", "post_logout_redirect_uri", AFTERWARDS));
        refused(logout("client_id", "spa", "id_token_hint", idToken));
        refused(logout("post_logout_redirect_uri", AFTERWARDS));
        refused(logout("id_token_hint", "garbage", "post_logout_redirect_uri", AFTERWARDS));
        refused(logout("client_id", "web", "client_id", "web"));
        assertThat(isLoggedIn()).isTrue();
    }

    private void refused(String path) {
        Page page = browser.get(path);
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.location()).isEmpty();
        assertThat(page.body()).doesNotContain("evil");
    }

    @Test
    void whoIsNotLoggedInIsToldSo() {
        Page page = browser.get("/connect/logout");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("<h1").doesNotContain("confirmed");
        assertThat(browser.cookieHeader()).isEmpty();
    }
}
