package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.protocol.Browser.Page;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
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

    private Account person = new Account("", "", null, false, java.util.List.of(), java.util.Map.of(), true);

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
        assertThat(ClientSide.bearer(issuer, tokens.text("access_token"))
                        .get("/userinfo")
                        .status())
                .isEqualTo(200);
        assertThat(silently(browser).query()).as("logged in from now on").containsKey("code");
    }

    @Test
    void aCodeWorksOnce() {
        Page callback = logIn(browser, authorize());
        people.redeemed(callback);

        Answer again = ClientSide.of(issuer, "web", "web-secret")
                .token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        callback.query().getOrDefault("code", ""),
                        "redirect_uri",
                        AuthorizationUrl.REDIRECT_URI,
                        "code_verifier",
                        AuthorizationUrl.VERIFIER);

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
        for (Answer answer : java.util.List.of(tokens, later)) {
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
