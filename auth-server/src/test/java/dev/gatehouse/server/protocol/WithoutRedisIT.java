package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.protocol.Browser.Page;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** People who log in while Redis is away, what they get, and what becomes of it when Redis is back. */
@GatehouseTest
@Timeout(60)
class WithoutRedisIT {
    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LocalRedis redis;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private TestPeople people;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private MeterRegistry metrics;

    private boolean killed;

    private Browser before = new Browser("");

    private Browser browser = new Browser("");

    private Account person = new Account("", "", null, false, List.of(), Map.of(), true);

    @BeforeEach
    void killRedis() throws InterruptedException {
        person = people.create();
        before = new Browser(issuer);
        assertThat(logIn(before, "/login").status()).isEqualTo(200);
        browser = new Browser(issuer);
        redis.kill();
        killed = true;
        awaitStandby(1);
    }

    @AfterEach
    void restartRedis() throws IOException, InterruptedException {
        if (killed) {
            redis.restart();
            killed = false;
            awaitStandby(0);
        }
    }

    private void awaitStandby(int needed) throws InterruptedException {
        while (metrics.get("gatehouse.standby").gauge().value() != needed) {
            Thread.sleep(20);
        }
    }

    private Page logIn(Browser where, String path) {
        return where.logIn(where.open(path), person.username(), TestPeople.PASSWORD);
    }

    private static String authorize() {
        return AuthorizationUrl.of("web").toString();
    }

    private Page silently(Browser where) {
        return where.get(AuthorizationUrl.of("web").with("prompt", "none").toString());
    }

    @Test
    void aClientGetsTokensForAPersonButNoRefreshToken() {
        Answer tokens = people.redeemed(logIn(browser, authorize()));

        assertThat(tokens.json()).containsKeys("access_token", "id_token").doesNotContainKey("refresh_token");
        assertThat(ClientSide.claims(tokens.text("id_token"))).containsEntry("sub", person.id());
        assertThat(silently(browser).query()).as("logged in from now on").containsKey("code");
    }

    @Test
    void aCodeWorksOnce() {
        Page callback = logIn(browser, authorize());
        people.redeemed(callback);

        Answer again = people.answerFor(callback);

        assertThat(again.json()).doesNotContainKey("access_token");
    }

    @Test
    void theAccountPageOpensAndWhatRedisKnowsIsToBeAskedForLater() {
        assertThat(logIn(browser, "/login").url().getPath()).isEqualTo("/account");
        Page devices = browser.open("/account/devices");
        assertThat(devices.status()).isEqualTo(503);
        assertThat(devices.header("Retry-After")).isEqualTo("2");
    }

    @Test
    void noAccountIsChangedSinceWhatThatEndsCouldNotBeEnded() {
        assertThat(logIn(browser, "/login").status()).isEqualTo(200);
        Map<String, String> form = browser.open("/account/password").hidden();
        form.put("new-password", "only-in-this-test-4Lanterns");

        Page refused = browser.post("/account/password", form);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("2");
        assertThat(logIn(new Browser(issuer), "/login").status())
                .as("the password is the old one")
                .isEqualTo(200);
    }

    @Test
    void aBrowserThatStaysSignedInIsNoStrangerToLogOutAndSilentRequests() throws Exception {
        restartRedis();
        Browser remembered = new Browser(issuer);
        Map<String, String> form = remembered.open("/login").hidden();
        form.put("username", person.username());
        form.put("password", TestPeople.PASSWORD);
        form.put("remember-me", "on");
        assertThat(remembered.follow(remembered.post("/login", form)).status()).isEqualTo(200);
        remembered.drop("gatehouse");
        redis.kill();
        killed = true;
        awaitStandby(1);

        assertThat(silently(remembered).status()).isEqualTo(503);
        assertThat(remembered.get("/connect/logout").status()).isEqualTo(503);
        assertThat(logIn(remembered, authorize()).query()).containsKey("code");
    }

    @Test
    void aFloodOfNewBrowsersDoesNotFillTheDatabase() {
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            Page page = new Browser(issuer, "127.0.21.1").get(authorize());
            refused += page.query().containsKey("error") ? 1 : 0;
        }
        assertThat(refused).isBetween(20, 40);
        assertThat(logIn(new Browser(issuer, "127.0.21.2"), authorize()).query())
                .containsKey("code");
    }

    @Test
    void whoWasLoggedInIsNotToldThatTheyAreNotAndMayLogInAnew() {
        assertThat(silently(before).status()).isEqualTo(503);
        assertThat(before.get("/account").status()).isEqualTo(503);
        assertThat(before.get("/connect/logout").status()).isEqualTo(503);

        assertThat(logIn(before, authorize()).query()).containsKey("code");
        assertThat(before.open("/account").status()).isEqualTo(200);
    }

    @Test
    void aWrongPasswordIsWrong() {
        Page page = browser.logIn(browser.open("/login"), person.username(), "guess");
        assertThat(page.status()).isEqualTo(401);
        assertThat(browser.open("/account").url().getPath()).isEqualTo("/login");
    }

    @Test
    void whenRedisIsBackTheLoginGoesOnAndEndsLikeAnyOther() throws IOException, InterruptedException {
        Answer tokens = people.redeemed(logIn(browser, authorize()));
        restartRedis();

        assertThat(browser.open("/account/devices").body()).contains("this device");
        Answer later = people.redeemed(silently(browser));
        assertThat(later.json()).containsKey("refresh_token");
        assertThat(ClientSide.claims(later.text("id_token")).get("sid"))
                .isEqualTo(ClientSide.claims(tokens.text("id_token")).get("sid"));

        browser.get("/connect/logout?" + ClientSide.form("id_token_hint", later.text("id_token")));

        assertThat(silently(browser).query()).containsEntry("error", "login_required");
        for (Answer answer : List.of(tokens, later)) {
            assertThat(ClientSide.bearer(issuer, answer.text("access_token"))
                            .get("/userinfo")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(ClientSide.of(issuer, "web", "web-secret")
                        .token("grant_type", "refresh_token", "refresh_token", later.text("refresh_token"))
                        .error())
                .isEqualTo("invalid_grant");
    }
}
