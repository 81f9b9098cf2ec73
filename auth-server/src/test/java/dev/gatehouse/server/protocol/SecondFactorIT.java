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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** The second step of login under attack: codes used twice, guessed and borrowed, the step skipped, its state stolen. */
@GatehouseTest
class SecondFactorIT {
    private static final String PASSWORD = "only-in-this-test-8Gates";

    private static final Pattern KEY = Pattern.compile("<code id=\"key\">([A-Z2-7 ]+)</code>");

    private static final Pattern RECOVERY_CODE = Pattern.compile("<li>([0-9a-z]{4}(-[0-9a-z]{4}){2})</li>");

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private JdbcTemplate jdbc;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private StringRedisTemplate redis;

    private String newPerson(String... roles) {
        String id = UUID.randomUUID().toString();
        String username = "f-" + id.substring(0, 13);
        accounts.save(new Account(id, username, null, false, List.of(roles), Map.of(), true));
        accounts.setPassword(id, new Secret(PASSWORD));
        return username;
    }

    /** Somebody who has an authenticator app, of which one code has been used. */
    private record Enrolled(String username, TestApp app, String usedCode) {}

    private Enrolled newEnrolled(Browser browser) {
        String username = newPerson("user");
        browser.logIn(browser.open("/login"), username, PASSWORD);
        return enrol(browser, username);
    }

    private static Enrolled enrol(Browser browser, String username) {
        Page setup = browser.open("/account/authenticator");
        TestApp app = TestApp.with(key(setup));
        // The code of the step before, so that two later ones are still to come.
        String code = app.code(-1);
        Page confirmed = browser.post("/account/authenticator", with(lastForm(setup), "code", code));
        assertThat(confirmed.status()).isEqualTo(303);
        return new Enrolled(username, app, code);
    }

    private static String key(Page setup) {
        Matcher matcher = KEY.matcher(setup.body());
        assertThat(matcher.find()).as(setup.body()).isTrue();
        return Invariants.keepSecret(matcher.group(1).replace(" ", ""));
    }

    private static Map<String, String> lastForm(Page page) {
        return page.hidden();
    }

    private static Map<String, String> with(Map<String, String> form, String name, String value) {
        form.put(name, value);
        return form;
    }

    /** A browser that has shown the password, at the page of the second step. */
    private Page passwordOnly(Browser browser, String username) {
        return browser.logIn(browser.open("/login"), username, PASSWORD);
    }

    private static Page type(Browser browser, Page page, String factor, String code) {
        return browser.post("/login/factor/" + factor, with(page.hidden(), "code", code));
    }

    private static boolean isLoggedIn(Browser browser) {
        return browser.get("/account").status() == 200;
    }

    private static Map<String, Object> idToken(String issuer, Page redirect) {
        Answer answer = ClientSide.of(issuer, "web", "web-secret")
                .token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        redirect.query().getOrDefault("code", ""),
                        "redirect_uri",
                        AuthorizationUrl.REDIRECT_URI,
                        "code_verifier",
                        AuthorizationUrl.VERIFIER);
        return ClientSide.claims(answer.text("id_token"));
    }

    @Test
    void aPasswordAloneIsNoLoginForWhoHasAnApp() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);

        Page step = passwordOnly(browser, person.username());

        assertThat(step.url().getPath()).isEqualTo("/login/factor/totp");
        assertThat(step.body()).contains("authenticator app").doesNotContain("recovery");
        assertThat(isLoggedIn(browser)).isFalse();
        assertThat(browser.open(AuthorizationUrl.of("web").toString()).body()).contains("name=\"password\"");
        assertThat(browser.get(AuthorizationUrl.of("web").with("prompt", "none").toString())
                        .query())
                .containsEntry("error", "login_required");
        assertThat(browser.get("/account/authenticator").location()).startsWith("/login");
    }

    @Test
    void theCodeCompletesTheLoginAndTheTokensSaySo() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        Page step = browser.logIn(browser.open(AuthorizationUrl.of("web").toString()), person.username(), PASSWORD);

        Page back =
                browser.follow(type(browser, step, "totp", person.app().code(0).replaceFirst("...", "$0 ")));

        assertThat(back.location()).startsWith(AuthorizationUrl.REDIRECT_URI);
        assertThat(idToken(issuer, back)).containsEntry("acr", "2").containsEntry("amr", List.of("pwd", "otp", "mfa"));
    }

    @Test
    void aCodeIsGoodOnce() {
        Enrolled person = newEnrolled(new Browser(issuer));
        String code = person.app().code(0);
        Browser first = new Browser(issuer);
        Browser second = new Browser(issuer);
        Page atFirst = passwordOnly(first, person.username());
        Page atSecond = passwordOnly(second, person.username());

        assertThat(type(first, atFirst, "totp", code).status()).isEqualTo(303);
        assertThat(type(second, atSecond, "totp", code).status()).isEqualTo(401);
        assertThat(type(second, atSecond, "totp", person.usedCode()).status()).isEqualTo(401);
        assertThat(isLoggedIn(first)).isTrue();
        assertThat(isLoggedIn(second)).isFalse();
    }

    @Test
    void ofManyWhoTypeOneCodeAtOnceExactlyOneIsLetIn() throws InterruptedException, ExecutionException {
        Enrolled person = newEnrolled(new Browser(issuer));
        String code = person.app().code(0);

        assertThat(letIn(person.username(), "totp", code, 4)).isEqualTo(1);
    }

    /** How many of so many browsers are let in that type one code at once. */
    private int letIn(String username, String factor, String code, int browsers)
            throws InterruptedException, ExecutionException {
        CyclicBarrier start = new CyclicBarrier(browsers);
        List<Callable<Integer>> tries = new ArrayList<>();
        for (int i = 0; i < browsers; i++) {
            Browser browser = new Browser(issuer);
            Page step = passwordOnly(browser, username);
            tries.add(() -> {
                start.await();
                return type(browser, step, factor, code).status();
            });
        }
        int in = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(browsers)) {
            for (Future<Integer> status : threads.invokeAll(tries)) {
                assertThat(status.get()).isIn(303, 401, 429);
                in += status.get() == 303 ? 1 : 0;
            }
        }
        return in;
    }

    @Test
    void anothersCodeIsNoUse() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Enrolled thief = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);

        Page step = passwordOnly(browser, person.username());

        assertThat(type(browser, step, "totp", thief.app().code(0)).status()).isEqualTo(401);
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void whoGuessesIsToldToWaitWhateverPasswordsWereGuessedBefore() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser stranger = new Browser(issuer, "127.0.0.31");
        for (int i = 0; i < 6; i++) {
            assertThat(stranger.logIn(stranger.open("/login"), person.username(), "wrong-" + i)
                            .status())
                    .isEqualTo(401);
        }
        Browser guesser = new Browser(issuer, "127.0.0.32");
        Page step = passwordOnly(guesser, person.username());
        for (int i = 0; i < 5; i++) {
            assertThat(type(guesser, step, "totp", "00000" + i).status()).isIn(401);
        }

        Page limited = type(guesser, step, "totp", person.app().code(0));

        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 3600);
        assertThat(limited.body()).contains("Too many failed attempts");
        assertThat(isLoggedIn(guesser)).isFalse();
    }

    @Test
    void aGoodCodeCostsNothing() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        Page setup = browser.follow(type(
                browser,
                passwordOnly(browser, person.username()),
                "totp",
                person.app().code(0)));
        assertThat(setup.status()).isEqualTo(200);
        List<String> codes = renewRecoveryCodes(browser);
        for (int i = 0; i < 7; i++) {
            Browser other = new Browser(issuer);
            Page step = passwordOnly(other, person.username());
            assertThat(type(other, step, "recovery-code", codes.get(i)).status())
                    .isEqualTo(303);
        }
    }

    private static List<String> renewRecoveryCodes(Browser browser) {
        Page page = browser.open("/account/recovery-codes");
        Page fresh = browser.post("/account/recovery-codes", page.hidden());
        List<String> codes = new ArrayList<>();
        Matcher matcher = RECOVERY_CODE.matcher(fresh.body());
        while (matcher.find()) {
            Invariants.keepSecret(matcher.group(1).replace("-", "") + "....");
            codes.add(matcher.group(1));
        }
        assertThat(codes).hasSize(10).doesNotHaveDuplicates();
        return codes;
    }

    @Test
    void aRecoveryCodeIsGoodOnceAlsoForManyAtOnce() throws InterruptedException, ExecutionException {
        Browser owner = new Browser(issuer);
        Enrolled person = newEnrolled(owner);
        List<String> codes = renewRecoveryCodes(owner);

        assertThat(letIn(person.username(), "recovery-code", codes.get(3).toUpperCase(java.util.Locale.ROOT), 4))
                .isEqualTo(1);
        Browser late = new Browser(issuer);
        Page step = passwordOnly(late, person.username());
        assertThat(type(late, step, "recovery-code", codes.get(3)).status()).isEqualTo(401);
        assertThat(owner.open("/account/recovery-codes").body()).contains("9 codes are left");
        assertThat(stored("recovery_codes")).doesNotContain(codes.get(4).replace("-", ""));
    }

    @Test
    void newRecoveryCodesMakeTheOldOnesVoid() {
        Browser owner = new Browser(issuer);
        Enrolled person = newEnrolled(owner);
        List<String> old = renewRecoveryCodes(owner);
        List<String> fresh = renewRecoveryCodes(owner);
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person.username());

        assertThat(type(browser, step, "recovery-code", old.getFirst()).status())
                .isEqualTo(401);
        assertThat(type(browser, step, "recovery-code", fresh.getFirst()).status())
                .isEqualTo(303);
    }

    @Test
    void theStoresHoldNoKeyOfAnApp() {
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), newPerson("user"), PASSWORD);
        Page setup = browser.open("/account/authenticator");
        String key = key(setup);

        assertThat(key(browser.open("/account/authenticator"))).isEqualTo(key);
        enrol(browser, "");
        assertThat(stored("authenticators")).isNotEmpty().doesNotContain(key);
    }

    private String stored(String table) {
        return String.join(" ", jdbc.queryForList("select t::text from " + table + " t", String.class));
    }

    @Test
    void anAppThatWasNeverConfirmedCountsForNothing() {
        Browser browser = new Browser(issuer);
        String username = newPerson("user");
        browser.logIn(browser.open("/login"), username, PASSWORD);
        Page setup = browser.open("/account/authenticator");

        assertThat(browser.post("/account/authenticator", with(setup.hidden(), "code", "000000"))
                        .status())
                .isEqualTo(401);

        Browser next = new Browser(issuer);
        assertThat(passwordOnly(next, username).url().getPath()).isEqualTo("/account");
    }

    @Test
    void anOlderLoginWithoutTheFactorChangesNoFactors() {
        Browser old = new Browser(issuer);
        String username = newPerson("user");
        old.logIn(old.open("/login"), username, PASSWORD);
        Browser owner = new Browser(issuer);
        owner.logIn(owner.open("/login"), username, PASSWORD);
        Page setup = old.open("/account/authenticator");
        enrol(owner, username);

        Map<String, String> remove = with(setup.hidden(), "remove", "yes");

        assertThat(old.post("/account/authenticator", remove).location()).isEqualTo("/login?to=/account/authenticator");
        assertThat(passwordOnly(new Browser(issuer), username).url().getPath()).isEqualTo("/login/factor/totp");
    }

    @Test
    void whoReplacesOrRemovesTheirAppIsLoggedOutElsewhere() {
        Browser browser = new Browser(issuer);
        Enrolled person = newEnrolled(browser);
        Browser other = new Browser(issuer);
        type(other, passwordOnly(other, person.username()), "totp", person.app().code(0));
        assertThat(isLoggedIn(other)).isTrue();

        Enrolled anew = enrol(browser, person.username());
        assertThat(isLoggedIn(other)).isFalse();
        assertThat(isLoggedIn(browser)).isTrue();

        type(other, passwordOnly(other, person.username()), "totp", anew.app().code(0));
        assertThat(isLoggedIn(other)).isTrue();
        Page setup = browser.open("/account/authenticator");
        browser.post("/account/authenticator", with(setup.hidden(), "remove", "yes"));
        assertThat(isLoggedIn(other)).isFalse();
        assertThat(isLoggedIn(browser)).isTrue();
    }

    @Test
    void theSessionChangesItsNameAtEachStep() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        Page asked = browser.open(AuthorizationUrl.of("web").toString());
        String first = browser.cookie("gatehouse");
        Page step = browser.logIn(asked, person.username(), PASSWORD);
        String second = browser.cookie("gatehouse");
        type(browser, step, "totp", person.app().code(0));
        String third = browser.cookie("gatehouse");

        assertThat(List.of(first, second, third)).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void aFormWithoutItsTokenIsNotChecked() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        passwordOnly(browser, person.username());
        Map<String, String> forged = Map.of("code", person.app().code(0));

        assertThat(browser.post("/login/factor/totp", forged).status()).isEqualTo(403);
        assertThat(browser.postFromElsewhere("/login/factor/totp", forged).status())
                .isEqualTo(403);
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void aCodeWithoutAPasswordBeforeItIsNotLookedAt() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        Page login = browser.open("/login");

        Page answer = type(browser, login, "totp", person.app().code(0));

        assertThat(answer.location()).isEqualTo("/login?expired");
        assertThat(browser.follow(answer).body()).contains("took too long");
    }

    @Test
    void whoSetUpAnAppIsNotOfferedLess() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person.username());

        for (String other : List.of("email", "recovery-code", "passkey", "nothing")) {
            assertThat(type(browser, step, other, "123456").location()).isEqualTo("/login/factor");
        }
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void anAccountThatIsDisabledMeanwhileIsNotLetIn() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person.username());
        Account account = accounts.findByUsername(person.username()).orElseThrow();
        accounts.save(new Account(account.id(), account.username(), null, false, List.of(), Map.of(), false));

        assertThat(type(browser, step, "totp", person.app().code(0)).location()).isEqualTo("/login?expired");
    }

    @Test
    void anotherPersonsLoginThatWaitsIsNotMixedWithOnesOwn() {
        Enrolled victim = newEnrolled(new Browser(issuer));
        Browser thief = new Browser(issuer);
        Enrolled own = newEnrolled(thief);
        Page login =
                thief.open(AuthorizationUrl.of("web").with("prompt", "login").toString());
        Page step = thief.logIn(login, victim.username(), PASSWORD);

        assertThat(step.url().getPath()).isEqualTo("/login/factor/totp");
        assertThat(type(thief, step, "totp", own.app().code(0)).status()).isEqualTo(401);
        assertThat(thief.open("/account").body()).contains(own.username()).doesNotContain(victim.username());
    }

    @Test
    void aRequestForTheSecondClassIsMetByTheSecondFactorAlone() {
        Browser browser = new Browser(issuer);
        String username = newPerson("user");
        browser.logIn(browser.open("/login"), username, PASSWORD);
        Browser elsewhere = new Browser(issuer);
        elsewhere.logIn(elsewhere.open("/login"), username, PASSWORD);
        Enrolled person = enrol(elsewhere, username);
        AuthorizationUrl stepUp = AuthorizationUrl.of("web").with("acr_values", "2");

        assertThat(browser.get(AuthorizationUrl.of("web").toString()).location())
                .startsWith(AuthorizationUrl.REDIRECT_URI);
        assertThat(browser.get(stepUp.with("prompt", "none").toString()).query())
                .containsEntry("error", "login_required");
        Page step = browser.open(stepUp.without("prompt").toString());
        assertThat(step.url().getPath()).isEqualTo("/login/factor/totp");
        Page back = browser.follow(type(browser, step, "totp", person.app().code(0)));

        assertThat(idToken(issuer, back)).containsEntry("acr", "2");
        assertThat(browser.get(stepUp.with("prompt", "none").toString()).query())
                .containsKey("code");
    }

    @Test
    void aRequestThatTakesTheFirstClassAsWellIsMetByIt() {
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), newPerson("user"), PASSWORD);

        assertThat(browser.get(AuthorizationUrl.of("web")
                                .with("acr_values", "2 1")
                                .toString())
                        .location())
                .startsWith(AuthorizationUrl.REDIRECT_URI);
    }

    @Test
    void aClassThatNobodyReachesHereIsRefused() {
        assertThat(new Browser(issuer)
                        .get(AuthorizationUrl.of("web").with("acr_values", "9").toString())
                        .query())
                .containsEntry("error", "unmet_authentication_requirements");
    }

    @Test
    void whoHasNoSecondFactorSetsOneUpAndGoesOn() {
        Browser browser = new Browser(issuer);
        String username = newPerson("user");
        AuthorizationUrl stepUp = AuthorizationUrl.of("web").with("acr_values", "2");

        Page setup = browser.logIn(browser.open(stepUp.toString()), username, PASSWORD);

        assertThat(setup.url().getPath()).isEqualTo("/account/authenticator");
        TestApp app = TestApp.with(key(setup));
        Page back = browser.follow(browser.post("/account/authenticator", with(setup.hidden(), "code", app.code(0))));
        assertThat(back.location()).startsWith(AuthorizationUrl.REDIRECT_URI);
        assertThat(idToken(issuer, back)).containsEntry("acr", "2");
    }

    @Test
    void aLoginAnewIsNotReplacedByACode() {
        Browser browser = new Browser(issuer);
        Enrolled person = newEnrolled(browser);
        Page login = browser.open(AuthorizationUrl.of("web")
                .with("acr_values", "2")
                .with("max_age", "0")
                .toString());
        assertThat(login.url().getPath()).isEqualTo("/login");
        String waiting = login.hidden().getOrDefault("interaction", "");

        Page skipped = browser.open("/login/factor?interaction=" + waiting);

        assertThat(skipped.url().getPath()).isEqualTo("/login");
        Page back = browser.follow(type(
                browser,
                browser.logIn(skipped, person.username(), PASSWORD),
                "totp",
                person.app().code(0)));
        assertThat(idToken(issuer, back)).containsEntry("acr", "2");
    }

    @Test
    void theWaitingLoginIsGoodForTenMinutes() {
        Enrolled person = newEnrolled(new Browser(issuer));
        Browser browser = new Browser(issuer);
        passwordOnly(browser, person.username());

        List<String> waiting = redis.keys("gh:session:*").stream()
                .map(key -> redis.<String, String>opsForHash().get(key, "a:pending-login"))
                .filter(java.util.Objects::nonNull)
                .filter(value -> value.contains(
                        accounts.findByUsername(person.username()).orElseThrow().id()))
                .toList();

        assertThat(waiting)
                .hasSize(1)
                .first()
                .asString()
                .contains("\"type\":\"pending\"")
                .doesNotContain(person.username());
    }
}
