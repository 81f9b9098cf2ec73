package dev.gatehouse.server.protocol;

import static dev.gatehouse.server.protocol.ClientSide.claims;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** From a client's request over the login and consent pages to a code. */
@GatehouseTest
class AuthorizationEndpointIT {
    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    private Browser browser = new Browser("");

    @BeforeEach
    void openBrowser() {
        browser = new Browser(issuer);
    }

    private static AuthorizationUrl web() {
        return AuthorizationUrl.of("web");
    }

    private Page open(AuthorizationUrl url) {
        return browser.open(url.toString());
    }

    private Answer redeem(Page callback) {
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

    private Map<String, Object> idToken(Page callback) {
        return claims(redeem(callback).text("id_token"));
    }

    private void isLoginPage(Page page) {
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.url().getPath()).isEqualTo("/login");
        assertThat(page.body()).contains("name=\"password\"");
    }

    private static void isCallbackWithCode(Page page) {
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.location()).startsWith(AuthorizationUrl.REDIRECT_URI + "?");
        assertThat(page.query()).containsKey("code").doesNotContainKey("error");
    }

    @Test
    void aPersonLogsInAndTheClientGetsACodeStateAndIssuer() {
        Page login = open(web().with("nonce", "n-0S6"));
        isLoginPage(login);
        assertThat(login.header("Cache-Control")).contains("no-store");
        assertThat(login.header("X-Frame-Options")).isEqualTo("DENY");

        Page callback = browser.logInAsAlice(login);

        isCallbackWithCode(callback);
        assertThat(callback.query()).containsEntry("state", "the state & more").containsEntry("iss", issuer);
        assertThat(callback.header("Cache-Control")).contains("no-store");
        Answer tokens = redeem(callback);
        assertThat(tokens.status()).isEqualTo(200);
        assertThat(claims(tokens.text("id_token")))
                .containsEntry("iss", issuer)
                .containsEntry("aud", "web")
                .containsEntry("azp", "web")
                .containsEntry("nonce", "n-0S6")
                .containsKeys("sub", "sid", "auth_time", "acr", "amr", "at_hash", "iat", "exp");
        assertThat(claims(tokens.text("access_token")))
                .containsEntry("aud", "http://localhost:8081")
                .containsEntry("scope", "openid profile orders.read");
    }

    @Test
    void whoIsLoggedInGoesStraightThrough() {
        browser.logInAsAlice(open(web()));

        isCallbackWithCode(browser.get(web().toString()));
        isCallbackWithCode(browser.get(web().with("prompt", "none").toString()));
    }

    @Test
    void aClientThatPostsItsRequestMeetsTheSamePersonLoggedIn() {
        isLoginPage(browser.follow(browser.postFromElsewhere("/oauth2/authorize", web().form())));
        browser.logInAsAlice(open(web()));

        isCallbackWithCode(browser.follow(browser.postFromElsewhere("/oauth2/authorize", web().form())));
        isCallbackWithCode(browser.follow(browser.post("/oauth2/authorize", web().form())));
    }

    @Test
    void whatTheServerDoesNotKnowIsIgnored() {
        browser.logInAsAlice(open(web()));

        isCallbackWithCode(open(web().with("claims", "{\"userinfo\":{\"name\":null}}")
                .with("acr_values", "1 2")
                .with("display", "popup")
                .with("claims_locales", "de")
                .with("ui_locales", "fr de")
                .with("interaction", "AAAAAAAAAAAAAAAAAAAAAA")
                .with("extra", "thing")));
    }

    @Test
    void theLoginPageSpeaksTheLanguageAndKnowsTheNameThatTheClientSays() {
        Page login = open(web().with("ui_locales", "de").with("login_hint", "alice"));

        assertThat(login.body()).contains("lang=\"de\"", "value=\"alice\"");
    }

    @Test
    void promptLoginWantsThePasswordAgain() {
        browser.logInAsAlice(open(web()));

        Page login = open(web().with("prompt", "login"));
        isLoginPage(login);
        String interaction = login.hidden().getOrDefault("interaction", "");
        isLoginPage(browser.open("/oauth2/authorize?interaction=" + interaction));
        isCallbackWithCode(browser.logInAsAlice(login));
    }

    @Test
    void promptLoginCannotBeSkippedByGoingOnAsWhoOneIs() {
        browser.logInAsAlice(open(web()));
        Map<String, String> form = open(web().with("prompt", "login")).hidden();

        Page page = browser.post("/login/continue", form);

        assertThat(page.status()).isEqualTo(400);
        isLoginPage(browser.open("/oauth2/authorize?interaction=" + form.get("interaction")));
    }

    @Test
    void maxAgeZeroIsALoginAndALongOneIsNot() {
        Object before = idToken(browser.logInAsAlice(open(web()))).get("auth_time");

        isCallbackWithCode(open(web().with("max_age", "10000")));
        Page login = open(web().with("max_age", "0"));
        isLoginPage(login);
        Page callback = browser.logInAsAlice(login);
        isCallbackWithCode(callback);
        assertThat((Long) idToken(callback).get("auth_time")).isGreaterThanOrEqualTo((Long) before);
        assertThat(open(web().with("max_age", "0").with("prompt", "none")).query())
                .containsEntry("error", "login_required");
    }

    @Test
    void selectAccountShowsWhoIsLoggedInAndLetsThemGoOnOrChange() {
        browser.logInAsAlice(open(web()));
        Page choice = open(web().with("prompt", "select_account"));
        isLoginPage(choice);
        assertThat(choice.body()).contains("/login/continue");

        isCallbackWithCode(browser.follow(browser.post("/login/continue", choice.hidden())));
        isCallbackWithCode(browser.logInAsBob(open(web().with("prompt", "select_account"))));
    }

    @Test
    void anIdTokenHintMustMeanThePersonWhoIsLoggedIn() {
        String ofAlice = redeem(browser.logInAsAlice(open(web()))).text("id_token");
        isCallbackWithCode(open(web().with("id_token_hint", ofAlice).with("prompt", "none")));

        browser = new Browser(issuer);
        browser.logInAsBob(open(web()));
        assertThat(open(web().with("id_token_hint", ofAlice).with("prompt", "none"))
                        .query())
                .containsEntry("error", "login_required");
        isLoginPage(open(web().with("id_token_hint", ofAlice)));
        assertThat(browser.logInAsBob(open(web().with("id_token_hint", ofAlice)))
                        .query())
                .containsEntry("error", "login_required");
        isCallbackWithCode(browser.logInAsAlice(open(web().with("id_token_hint", ofAlice))));
    }

    @Test
    void aForgedHintAndAnAccessTokenAreNoHints() {
        Answer tokens = redeem(browser.logInAsAlice(open(web())));
        String idToken = tokens.text("id_token");
        String payload = idToken.split("\\.", -1)[1];
        String none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + payload + ".";
        String tampered = idToken.substring(0, idToken.length() - 4) + "AAAA";

        for (String hint : List.of(none, tampered, tokens.text("access_token"))) {
            assertThat(open(web().with("id_token_hint", hint)).query()).containsEntry("error", "invalid_request");
        }
    }

    @Test
    void consentIsAskedOnceAndAgainForMoreOrWhenTheClientWantsIt() {
        AuthorizationUrl less = AuthorizationUrl.of("spa").with("scope", "openid");
        AuthorizationUrl more = AuthorizationUrl.of("spa");
        String username = newPerson();

        Page question = browser.logIn(open(less), username, "a-long-9Password");
        assertThat(question.url().getPath()).isEqualTo("/consent");
        isCallbackWithCode(browser.consent(question, "allow"));

        isCallbackWithCode(open(less));
        assertThat(open(more).url().getPath()).isEqualTo("/consent");
        assertThat(open(more.with("prompt", "none")).query()).containsEntry("error", "consent_required");
        Page again = open(less.with("prompt", "consent"));
        assertThat(again.url().getPath()).isEqualTo("/consent");
        isCallbackWithCode(browser.consent(again, "allow"));
    }

    @Test
    void whoDeniesSendsTheClientAway() {
        Page question = browser.logIn(open(AuthorizationUrl.of("spa")), newPerson(), "a-long-9Password");

        Page callback = browser.consent(question, "deny");

        assertThat(callback.query())
                .containsEntry("error", "access_denied")
                .containsEntry("state", "the state & more")
                .containsEntry("iss", issuer)
                .doesNotContainKey("code");
        assertThat(browser.get("/oauth2/authorize?interaction="
                                + question.hidden().get("interaction"))
                        .status())
                .isEqualTo(400);
    }

    private String newPerson() {
        String id = UUID.randomUUID().toString();
        String username = "person-" + id;
        accounts.save(new Account(id, username, null, false, List.of("user"), Map.of(), true));
        accounts.setPassword(id, new Secret("a-long-9Password"));
        return username;
    }

    @Test
    void aDisabledPersonIsNotLoggedInAnyMore() {
        String username = newPerson();
        isCallbackWithCode(browser.logIn(open(web()), username, "a-long-9Password"));

        Account account = accounts.findByUsername(username).orElseThrow();
        accounts.save(new Account(account.id(), username, null, false, List.of(), Map.of(), false));

        isLoginPage(open(web()));
        assertThat(open(web().with("prompt", "none")).query()).containsEntry("error", "login_required");
    }

    @Test
    void anInteractionIsOfUseInItsOwnBrowserOnlyAndOnce() {
        Page login = open(web());
        String path = "/oauth2/authorize?interaction=" + login.hidden().get("interaction");

        Browser another = new Browser(issuer);
        another.logInAsBob(another.open(web().toString()));
        assertThat(another.get(path).status()).isEqualTo(400);

        isCallbackWithCode(browser.logInAsAlice(login));
        assertThat(browser.get(path).status()).isEqualTo(400);
    }

    @Test
    void ofManyRequestsWithOneInteractionExactlyOneGetsACode() throws InterruptedException, ExecutionException {
        browser.logInAsAlice(open(web()));
        Page choice = open(web().with("prompt", "select_account"));
        Page back = browser.post("/login/continue", choice.hidden());
        Callable<Page> goOn = () -> browser.get(back.location());

        try (var threads = Executors.newFixedThreadPool(16)) {
            int codes = 0;
            for (Future<Page> page : threads.invokeAll(java.util.Collections.nCopies(16, goOn))) {
                codes += page.get().query().containsKey("code") ? 1 : 0;
            }
            assertThat(codes).isOne();
        }
    }

    @Test
    void aCodeIsOfNoUseWithoutTheVerifierOrToAnotherClient() {
        Page callback = browser.logInAsAlice(open(web()));
        String code = callback.query().getOrDefault("code", "");

        assertThat(ClientSide.of(issuer, "web", "web-secret")
                        .token(
                                "grant_type",
                                "authorization_code",
                                "code",
                                code,
                                "redirect_uri",
                                AuthorizationUrl.REDIRECT_URI,
                                "code_verifier",
                                "attacker-attacker-attacker-attacker-attacker")
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(ClientSide.unauthenticated(issuer)
                        .token(
                                "grant_type",
                                "authorization_code",
                                "client_id",
                                "spa",
                                "code",
                                code,
                                "redirect_uri",
                                AuthorizationUrl.REDIRECT_URI,
                                "code_verifier",
                                AuthorizationUrl.VERIFIER)
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(redeem(callback).status()).isEqualTo(200);
    }

    @Test
    void aLoginFormThatAnotherSitePostsLogsNobodyIn() {
        Map<String, String> form = open(web()).hidden();
        form.put("username", "alice");
        form.put("password", "wonderland-9Lives");

        assertThat(browser.postFromElsewhere("/login", form).status()).isEqualTo(403);
        form.remove("_csrf");
        assertThat(browser.post("/login", form).status()).isEqualTo(403);
        isLoginPage(open(web()));
    }

    @Test
    void withoutAScopeTheClientGetsWhatItMayDoAtItsApi() {
        browser.logInAsAlice(open(web()));

        Answer tokens = redeem(open(web().without("scope")));

        assertThat(tokens.json()).doesNotContainKey("id_token");
        assertThat(claims(tokens.text("access_token"))).containsEntry("scope", "orders.read orders.write");
    }
}
