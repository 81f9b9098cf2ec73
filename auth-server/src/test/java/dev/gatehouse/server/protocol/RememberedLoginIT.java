package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.Invariants;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.factor.TestApp;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** "Stay signed in on this device": what it gives, what it does not give, and what ends it. */
@GatehouseTest
@Timeout(60)
class RememberedLoginIT {
    private static final String SESSION = "gatehouse";

    private static final String REMEMBERED = "gatehouse-remembered";

    private static final String ANOTHER = "only-in-this-test-9Chimneys";

    private static final Pattern KEY = Pattern.compile("<code id=\"key\">([A-Z2-7 ]+)</code>");

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private TestPeople people;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private JdbcTemplate jdbc;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private StringRedisTemplate redis;

    /** A browser in which the person has logged in and asked to stay so. */
    private Browser remembering(Account person) {
        Browser browser = new Browser(issuer);
        logIn(browser, browser.open("/login"), person);
        Invariants.keepSecret(browser.cookie(REMEMBERED));
        return browser;
    }

    private static Page logIn(Browser browser, Page loginPage, Account person) {
        Map<String, String> form = loginPage.hidden();
        form.put("username", person.username());
        form.put("password", TestPeople.PASSWORD);
        form.put("remember-me", "on");
        return browser.follow(browser.post("/login", form));
    }

    /** The browser was closed, or its login has expired. */
    private static Browser reopened(Browser browser) {
        browser.drop(SESSION);
        return browser;
    }

    private static boolean isLoggedIn(Browser browser) {
        return browser.open("/account").url().getPath().equals("/account");
    }

    private Page silently(Browser browser) {
        return browser.get(AuthorizationUrl.of("web").with("prompt", "none").toString());
    }

    private int remembered(Account person) {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select count(*) from remembered_browsers where account_id = cast(? as uuid)",
                Integer.class,
                person.id()));
    }

    private void set(Account person, String assignment) {
        jdbc.update(
                "update remembered_browsers set " + assignment + " where account_id = cast(? as uuid)", person.id());
    }

    private String sid(Account person) {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select sid from remembered_browsers where account_id = cast(? as uuid)", String.class, person.id()));
    }

    private Map<String, Object> idToken(Page callback) {
        return ClientSide.claims(people.redeemed(callback).text("id_token"));
    }

    private static Page submit(Browser browser, String path, String... fields) {
        Map<String, String> form = new HashMap<>(browser.open(path).hidden());
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return browser.post(path, form);
    }

    @Test
    void theLoginGoesOnUnderItsSidWithTheProofAsOldAsItIsAndInTheLowestClass() {
        Account person = people.create();
        Browser browser = remembering(person);
        Map<String, Object> before = idToken(silently(browser));
        set(person, "auth_time = auth_time - interval '1 hour'");

        Map<String, Object> after = idToken(silently(reopened(browser)));

        assertThat(after)
                .containsEntry("sid", before.get("sid"))
                .containsEntry("sub", person.id())
                .containsEntry("amr", List.of("pwd"))
                .containsEntry("acr", "0")
                .containsEntry("auth_time", (Long) before.getOrDefault("auth_time", 0L) - 3600);
        assertThat(before).containsEntry("acr", "1");
    }

    @Test
    void whoDoesNotAskForItIsLoggedOutWithTheSession() {
        Account person = people.create();
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), person.username(), TestPeople.PASSWORD);
        assertThat(browser.cookie(REMEMBERED)).isEmpty();
        assertThat(silently(reopened(browser)).query()).containsEntry("error", "login_required");
    }

    @ParameterizedTest
    @CsvSource({"prompt, login", "max_age, 3000", "max_age, 0", "acr_values, 1", "acr_values, 2"})
    void whoAsksForAProofGetsItFromThePerson(String parameter, String value) {
        Account person = people.create();
        Browser browser = remembering(person);
        set(person, "auth_time = auth_time - interval '1 hour'");

        Page page = reopened(browser)
                .open(AuthorizationUrl.of("web").with(parameter, value).toString());

        assertThat(page.url().getPath()).isEqualTo("/login");
        assertThat(page.body()).contains("value=\"" + person.username() + "\"").contains(" checked");
    }

    @Test
    void aProofThatIsRecentEnoughForTheRequestNeedNotBeRepeated() {
        Account person = people.create();
        Browser browser = remembering(person);
        set(person, "auth_time = auth_time - interval '1 hour'");
        assertThat(reopened(browser)
                        .open(AuthorizationUrl.of("web").with("max_age", "4000").toString())
                        .query())
                .containsKey("code");
    }

    @Test
    void thePasswordIsAskedForBeforeItIsChangedHoweverLatelyItWasGiven() {
        Account person = people.create();
        Browser browser = reopened(remembering(person));
        assertThat(browser.open("/account/devices").url().getPath()).isEqualTo("/account/devices");
        Page page = browser.open("/account/password");
        assertThat(page.url().getPath()).isEqualTo("/login");

        logIn(browser, page, person);

        assertThat(browser.open("/account/password").url().getPath()).isEqualTo("/account/password");
        assertThat(idToken(silently(reopened(browser)))).containsEntry("sid", sid(person));
    }

    /** Gives the person an authenticator app. */
    private TestApp enrol(Account person) {
        Browser browser = loggedIn(person);
        Matcher key = KEY.matcher(browser.open("/account/authenticator").body());
        assertThat(key.find()).isTrue();
        TestApp app = TestApp.with(Invariants.keepSecret(key.group(1).replace(" ", "")));
        submit(browser, "/account/authenticator", "code", app.code(-1));
        return app;
    }

    @Test
    void aSecondFactorIsNoReasonToForgetTheBrowserAndIsAskedForWhereItIsDemanded() {
        Account person = people.create();
        TestApp app = enrol(person);
        Browser other = new Browser(issuer);
        Page step = logIn(other, other.open("/login"), person);
        Map<String, String> form = step.hidden();
        form.put("code", app.code(0));
        other.follow(other.post("/login/factor/totp", form));
        assertThat(idToken(silently(other))).containsEntry("acr", "2");
        Map<String, Object> claims = idToken(silently(reopened(other)));

        assertThat(claims).containsEntry("amr", List.of("pwd", "otp", "mfa")).containsEntry("acr", "0");
        assertThat(other.open(AuthorizationUrl.of("web").with("acr_values", "2").toString())
                        .url()
                        .getPath())
                .isEqualTo("/login");
    }

    @Test
    void ofManyTabsThatOpenAtOnceAllAreLoggedInAndTheCookieChangesOnce() throws Exception {
        Account person = people.create();
        String cookie = remembering(person).cookie(REMEMBERED);
        String sid = sid(person);

        List<Browser> tabs = Stream.generate(() -> new Browser(issuer))
                .limit(40)
                .peek(tab -> tab.bring(REMEMBERED, cookie))
                .toList();
        List<Page> pages = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(tabs.size())) {
            List<Callable<Page>> opening = tabs.stream()
                    .<Callable<Page>>map(tab -> () -> silently(tab))
                    .toList();
            for (Future<Page> page : threads.invokeAll(opening)) {
                pages.add(page.get());
            }
        }

        assertThat(pages).allMatch(page -> page.query().containsKey("code"));
        assertThat(idToken(pages.getFirst())).containsEntry("sid", sid);
        assertThat(tabs.stream().map(tab -> tab.cookie(REMEMBERED)).distinct().toList())
                .hasSize(1)
                .doesNotContain(cookie);
    }

    @Test
    void aThiefsUseIsSeenWhenTheOwnerComesAndBothAreLoggedOut() throws Exception {
        Account person = people.create();
        Browser owner = remembering(person);
        Browser thief = new Browser(issuer);
        thief.bring(REMEMBERED, owner.cookie(REMEMBERED));
        assertThat(isLoggedIn(thief)).isTrue();
        set(person, "rotated_at = rotated_at - interval '31 seconds'");

        assertThat(silently(reopened(owner)).query()).containsEntry("error", "login_required");

        assertThat(owner.cookie(REMEMBERED)).isEmpty();
        assertThat(isLoggedIn(thief)).isFalse();
        assertThat(isLoggedIn(reopened(thief))).isFalse();
        assertThat(remembered(person)).isZero();
        people.awaitLetter(person, "Sie wurden auf einem Gerät abgemeldet");
        owner.logIn(owner.open("/login"), person.username(), TestPeople.PASSWORD);
        while (!owner.open("/account/activity").body().contains("A device was not let stay signed in")) {
            Thread.sleep(50);
        }
    }

    @Test
    void anotherDeviceIsNotTouchedByATheft() {
        Account person = people.create();
        Browser phone = remembering(person);
        Browser laptop = remembering(person);
        String stolen = laptop.cookie(REMEMBERED);
        isLoggedIn(reopened(laptop));
        isLoggedIn(reopened(laptop));
        Browser thief = new Browser(issuer);
        thief.bring(REMEMBERED, stolen);

        assertThat(isLoggedIn(thief)).isFalse();

        assertThat(isLoggedIn(laptop)).isFalse();
        assertThat(isLoggedIn(reopened(phone))).isTrue();
    }

    /** What somebody does elsewhere that ends what a browser remembers. */
    enum Ending {
        SIGNED_OUT_BY_ANOTHER_DEVICE,
        OTHERS_SIGNED_OUT,
        ALL_SIGNED_OUT,
        PASSWORD_CHANGED,
        PASSWORD_SET_IN_SOME_OTHER_WAY,
        ACCOUNT_CLOSED,
        ACCOUNT_DISABLED,
        ADMINS_ORDER
    }

    private void bringAbout(Ending ending, Account person) {
        String orders = "/admin/api/people/" + person.id();
        switch (ending) {
            case SIGNED_OUT_BY_ANOTHER_DEVICE -> submit(loggedIn(person), "/account/devices", "sid", sid(person));
            case OTHERS_SIGNED_OUT -> submit(loggedIn(person), "/account/devices", "sid", "others");
            case ALL_SIGNED_OUT -> submit(loggedIn(person), "/account/devices", "sid", "all");
            case PASSWORD_CHANGED -> submit(loggedIn(person), "/account/password", "new-password", ANOTHER);
            case PASSWORD_SET_IN_SOME_OTHER_WAY -> accounts.setPassword(person.id(), new Secret(ANOTHER));
            case ACCOUNT_CLOSED -> submit(loggedIn(person), "/account/close", "username", person.username());
            case ACCOUNT_DISABLED -> ClientSide.operator(issuer).post(orders + "/disable", "");
            case ADMINS_ORDER -> ClientSide.operator(issuer).post(orders + "/sign-out", "");
        }
    }

    private Browser loggedIn(Account person) {
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), person.username(), TestPeople.PASSWORD);
        return browser;
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void itEndsWithTheLoginAlsoWhenRedisHasForgottenThat(Ending ending) {
        Account person = people.create();
        Browser browser = remembering(person);
        String cookie = browser.cookie(REMEMBERED);
        redis.delete(List.of("gh:login:{" + sid(person) + "}", "gh:logins:{" + person.id() + "}"));

        bringAbout(ending, person);

        assertThat(silently(reopened(browser)).query()).containsEntry("error", "login_required");
        assertThat(remembered(person)).isZero();
        browser.bring(REMEMBERED, cookie);
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void itGoesOnWhenRedisHasLostEverythingOfTheLogin() {
        Account person = people.create();
        Browser browser = remembering(person);
        redis.delete(List.of("gh:login:{" + sid(person) + "}", "gh:logins:{" + person.id() + "}"));
        assertThat(isLoggedIn(reopened(browser))).isTrue();
        assertThat(browser.open("/account/devices").body()).contains("this device", "Stays signed in until");
    }

    @Test
    void whoLogsOutIsForgottenAlsoByAnIdTokenOfTheLoginThatHasExpired() {
        Account person = people.create();
        Browser browser = remembering(person);
        Answer tokens = people.tokens(browser, person);
        String cookie = browser.cookie(REMEMBERED);

        Page question = reopened(browser).open("/connect/logout");
        assertThat(question.body()).contains(person.username());
        assertThat(remembered(person)).as("a link logs nobody out").isEqualTo(1);

        reopened(browser).get("/connect/logout?" + ClientSide.form("id_token_hint", tokens.text("id_token")));

        assertThat(browser.cookie(REMEMBERED)).isEmpty();
        assertThat(remembered(person)).isZero();
        browser.bring(REMEMBERED, cookie);
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void othersAreSignedOutAndThisBrowserStaysRemembered() {
        Account person = people.create();
        Browser phone = remembering(person);
        Browser here = remembering(person);
        submit(here, "/account/devices", "sid", "others");
        assertThat(isLoggedIn(reopened(phone))).isFalse();
        assertThat(isLoggedIn(reopened(here))).isTrue();
    }

    @Test
    void whoLogsInAnewAndDoesNotAskForItIsNotRememberedAnyMore() {
        Account person = people.create();
        Browser browser = remembering(person);
        browser.drop(REMEMBERED);
        browser.logIn(
                browser.open(AuthorizationUrl.of("web").with("prompt", "login").toString()),
                person.username(),
                TestPeople.PASSWORD);
        assertThat(remembered(person)).isZero();
    }

    @Test
    void anotherPersonsLoginTakesThePlaceOfTheFirst() {
        Account first = people.create();
        Account second = people.create();
        Browser browser = remembering(first);
        browser.logIn(
                browser.open(AuthorizationUrl.of("web").with("prompt", "login").toString()),
                second.username(),
                TestPeople.PASSWORD);
        assertThat(remembered(first)).isZero();
        assertThat(silently(reopened(browser)).query()).containsEntry("error", "login_required");
    }

    @Test
    void aPasswordThatWasShownBeforeItWasChangedLeadsNowhere() {
        Account person = people.create();
        TestApp app = enrol(person);
        Browser waiting = new Browser(issuer);
        Page step = logIn(waiting, waiting.open("/login"), person);

        accounts.setPassword(person.id(), new Secret(ANOTHER));

        Map<String, String> form = step.hidden();
        form.put("code", app.code(0));
        assertThat(waiting.post("/login/factor/totp", form).location()).endsWith("/login?expired");
        assertThat(isLoggedIn(waiting)).isFalse();
    }
}
