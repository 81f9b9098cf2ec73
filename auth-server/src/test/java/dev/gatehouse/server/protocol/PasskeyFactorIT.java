package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalMail;
import dev.gatehouse.demo.LocalMail.Mail;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.factor.TestApp;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.passkey.TestAuthenticator;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** Passkeys in the account pages and as the second step of a login, under attack: borrowed, registered by strangers, tried too often. */
@GatehouseTest
@ExtendWith(OutputCaptureExtension.class)
class PasskeyFactorIT {
    private static final String PASSWORD = "only-in-this-test-7Arches";

    private static final Pattern ID = Pattern.compile("name=\"rename\" value=\"([0-9a-f-]{36})\"");

    private static final Pattern KEY = Pattern.compile("<code id=\"key\">([A-Z2-7 ]+)</code>");

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
    private LocalMail mail;

    /** Somebody, logged in by their password in a browser. */
    private record Person(Account account, Browser browser) {
        String name() {
            return account.username();
        }
    }

    private Person newPerson() {
        String id = UUID.randomUUID().toString();
        String name = "q-" + id.substring(0, 13);
        Account account = new Account(id, name, name + "@people.example", true, List.of("user"), Map.of(), true);
        accounts.save(account);
        accounts.setPassword(id, new Secret(PASSWORD));
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), name, PASSWORD);
        return new Person(account, browser);
    }

    private TestAuthenticator add(Person person) {
        TestAuthenticator authenticator = TestAuthenticator.at(issuer);
        assertThat(PasskeyPages.add(person.browser(), authenticator).status()).isEqualTo(303);
        return authenticator;
    }

    /** At the page of the second step. */
    private Page passwordOnly(Browser browser, Person person) {
        return browser.logIn(browser.open("/login"), person.name(), PASSWORD);
    }

    private static boolean isLoggedIn(Browser browser) {
        return browser.get("/account").status() == 200;
    }

    private static String firstId(Page setup) {
        Matcher matcher = ID.matcher(setup.body());
        assertThat(matcher.find()).as(setup.body()).isTrue();
        return matcher.group(1);
    }

    private static Page change(Person person, String what, String id, String label) {
        Map<String, String> form = person.browser().open(PasskeyPages.SETUP).hidden();
        form.put(what, id);
        form.put("label", label);
        return person.browser().post(PasskeyPages.SETUP, form);
    }

    private Map<String, Object> idToken(Page redirect) {
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
    void afterThePasswordThePasskeyIsAskedForFirst() {
        Person person = newPerson();
        TestAuthenticator authenticator = add(person);
        Browser owner = person.browser();
        owner.post(
                "/account/recovery-codes", owner.open("/account/recovery-codes").hidden());
        Browser browser = new Browser(issuer);
        Page asked = browser.open(AuthorizationUrl.of("web").toString());

        Page step = browser.logIn(asked, person.name(), PASSWORD);

        assertThat(step.url().getPath()).isEqualTo(PasskeyPages.STEP);
        assertThat(step.body()).contains("/login/factor/recovery-code").doesNotContain("/login/factor/totp");
        assertThat(step.header("Content-Security-Policy")).contains("script-src 'self'");
        assertThat(isLoggedIn(browser)).isFalse();
        Page back = browser.follow(PasskeyPages.confirm(browser, step, authenticator));
        assertThat(idToken(back)).containsEntry("acr", "2").containsEntry("amr", List.of("pwd", "hwk", "user", "mfa"));
    }

    @Test
    void whatWasSignedForOneLoginConfirmsNoOther() {
        Person person = newPerson();
        TestAuthenticator authenticator = add(person);
        Browser owner = new Browser(issuer);
        Page atOwner = passwordOnly(owner, person);
        String credential = authenticator.get(PasskeyPages.options(atOwner));
        Browser thief = new Browser(issuer);
        Page atThief = passwordOnly(thief, person);

        assertThat(PasskeyPages.send(thief, PasskeyPages.STEP, atThief, credential)
                        .status())
                .isEqualTo(401);
        assertThat(isLoggedIn(thief)).isFalse();
        assertThat(PasskeyPages.send(owner, PasskeyPages.STEP, atOwner, credential)
                        .status())
                .isEqualTo(303);
    }

    @Test
    void anothersPasskeyIsNoSecondFactorOfThisAccount() {
        Person victim = newPerson();
        TestAuthenticator victims = add(victim);
        TestAuthenticator thiefs = add(newPerson());
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, victim);

        assertThat(PasskeyPages.confirm(browser, step, thiefs).status()).isEqualTo(401);
        assertThat(PasskeyPages.confirm(browser, step, thiefs.withUserHandle(victims.userHandle()))
                        .status())
                .isEqualTo(401);
        assertThat(PasskeyPages.confirm(browser, step, thiefs.withUserHandle(""))
                        .status())
                .isEqualTo(401);
        assertThat(isLoggedIn(browser)).isFalse();
        assertThat(PasskeyPages.confirm(browser, step, victims).status()).isEqualTo(303);
    }

    @Test
    void whoTriesPasskeysInVainHasABudgetOfTheirOwn() {
        Person person = newPerson();
        TestAuthenticator authenticator = add(person);
        Page setup = person.browser().open("/account/authenticator");
        Matcher key = KEY.matcher(setup.body());
        assertThat(key.find()).isTrue();
        TestApp app = TestApp.with(key.group(1));
        Map<String, String> form = setup.hidden();
        form.put("code", app.code(-1));
        person.browser().post("/account/authenticator", form);
        Browser browser = new Browser(issuer, "127.0.0.63");
        Page step = passwordOnly(browser, person);
        for (int i = 0; i < 5; i++) {
            assertThat(PasskeyPages.confirm(browser, step, TestAuthenticator.at(issuer))
                            .status())
                    .isEqualTo(401);
        }

        Page limited = PasskeyPages.confirm(browser, step, authenticator);

        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 3600);
        assertThat(isLoggedIn(browser)).isFalse();
        Map<String, String> code = step.hidden();
        code.put("code", app.code(0));
        assertThat(browser.post("/login/factor/totp", code).status()).isEqualTo(303);
    }

    @Test
    void aRequestForTheSecondClassIsMetByAPasskey() {
        Person person = newPerson();
        Browser browser = new Browser(issuer);
        passwordOnly(browser, person);
        TestAuthenticator authenticator = add(person);

        Page step =
                browser.open(AuthorizationUrl.of("web").with("acr_values", "2").toString());
        assertThat(step.url().getPath()).isEqualTo(PasskeyPages.STEP);
        Page back = browser.follow(PasskeyPages.confirm(browser, step, authenticator));

        assertThat(idToken(back)).containsEntry("acr", "2");
    }

    @Test
    void aPasskeyIsTheFreshProofThatAccountPagesWant() {
        Person person = newPerson();
        Browser older = new Browser(issuer);
        passwordOnly(older, person);
        TestAuthenticator authenticator = add(person);

        Page login = older.open("/account/password");
        assertThat(login.url().getPath()).isEqualTo("/login");
        Page back = PasskeyPages.logIn(older, login, authenticator);

        assertThat(back.location()).isEqualTo("/account/password");
        assertThat(older.follow(back).status()).isEqualTo(200);
    }

    @Test
    void anOlderLoginAddsAndRemovesNoPasskeys() {
        Person person = newPerson();
        Browser older = new Browser(issuer);
        passwordOnly(older, person);
        Page setup = older.open(PasskeyPages.SETUP);
        add(person);
        Map<String, String> remove = setup.hidden();
        remove.put("remove", firstId(person.browser().open(PasskeyPages.SETUP)));

        String form = TestAuthenticator.at(issuer).create(PasskeyPages.options(setup));
        assertThat(PasskeyPages.send(older, PasskeyPages.SETUP, setup, form).location())
                .isEqualTo("/login?to=/account/passkeys");
        assertThat(older.post(PasskeyPages.SETUP, remove).location()).isEqualTo("/login?to=/account/passkeys");
        assertThat(passwordOnly(new Browser(issuer), person).url().getPath()).isEqualTo(PasskeyPages.STEP);
    }

    @Test
    void whatIsNotWhatWasAskedForIsNotAdded() {
        Person person = newPerson();
        Person other = newPerson();
        Browser browser = person.browser();
        List<TestAuthenticator> liars = List.of(
                TestAuthenticator.at(issuer).atOrigin("https://attacker.example"),
                TestAuthenticator.at(issuer).forDomain("attacker.example"),
                TestAuthenticator.at(issuer).saying("webauthn.get"),
                TestAuthenticator.at(issuer).unverified(),
                TestAuthenticator.at(issuer).absent(),
                TestAuthenticator.at(issuer).withCredentialIdOf(8),
                TestAuthenticator.at(issuer).inAFrameOfAnotherSite());
        for (TestAuthenticator liar : liars) {
            Page refused = PasskeyPages.add(browser, liar);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("could not be added");
        }
        String forOther = TestAuthenticator.at(issuer)
                .create(PasskeyPages.options(other.browser().open(PasskeyPages.SETUP)));
        Page setup = browser.open(PasskeyPages.SETUP);
        assertThat(PasskeyPages.send(browser, PasskeyPages.SETUP, setup, forOther)
                        .status())
                .isEqualTo(400);
        String forLogin = TestAuthenticator.at(issuer).create(PasskeyPages.options(new Browser(issuer).open("/login")));
        assertThat(PasskeyPages.send(browser, PasskeyPages.SETUP, setup, forLogin)
                        .status())
                .isEqualTo(400);

        assertThat(jdbc.queryForObject(
                        "select count(*) from passkeys where account_id = ?::uuid",
                        Integer.class,
                        person.account().id()))
                .isZero();
    }

    @Test
    void whatWasAddedIsNotAddedAgainByAnybody() {
        Person person = newPerson();
        Page setup = person.browser().open(PasskeyPages.SETUP);
        TestAuthenticator authenticator = TestAuthenticator.at(issuer);
        String credential = authenticator.create(PasskeyPages.options(setup));
        Person thief = newPerson();

        assertThat(PasskeyPages.send(person.browser(), PasskeyPages.SETUP, setup, credential)
                        .status())
                .isEqualTo(303);
        assertThat(PasskeyPages.send(person.browser(), PasskeyPages.SETUP, setup, credential)
                        .status())
                .isEqualTo(400);
        assertThat(PasskeyPages.add(thief.browser(), authenticator).status()).isEqualTo(400);
        assertThat(passwordOnly(new Browser(issuer), thief).url().getPath()).isEqualTo("/account");
    }

    @Test
    void anAccountHasTenPasskeysAtMostAndSaysWhichThereAre() {
        Person person = newPerson();
        String handle = add(person).userHandle();
        for (int i = 1; i < 10; i++) {
            assertThat(add(person).userHandle()).isEqualTo(handle);
        }

        Page full = person.browser().open(PasskeyPages.SETUP);

        assertThat(full.body()).contains("You have ten passkeys").doesNotContain("data-options");
        assertThat(handle).hasSize(43).isNotEqualTo(person.account().id());
        change(person, "remove", firstId(full), "");
        assertThat(PasskeyPages.options(person.browser().open(PasskeyPages.SETUP)))
                .contains("\"residentKey\":\"required\"", "\"userVerification\":\"required\"")
                .contains("\"attestation\":\"none\"")
                .containsPattern("\"excludeCredentials\":\\[(\\{[^}]*\\},?){9}\\]");
    }

    @Test
    void aPasskeyIsRenamedAndRemovedByItsOwnerAlone() {
        Person person = newPerson();
        add(person);
        String id = firstId(person.browser().open(PasskeyPages.SETUP));
        Person stranger = newPerson();

        change(stranger, "rename", id, "mine now");
        change(stranger, "remove", id, "");
        assertThat(change(stranger, "remove", "no-id", "").status()).isEqualTo(303);
        assertThat(person.browser().open(PasskeyPages.SETUP).body())
                .contains("a key")
                .doesNotContain("mine now");

        change(person, "rename", id, "  <b>the blue\tone</b>  ");
        assertThat(person.browser().open(PasskeyPages.SETUP).body())
                .contains("&lt;b&gt;the blue one&lt;/b&gt;")
                .doesNotContain("<b>the");
    }

    @Test
    void whoRemovesAPasskeyIsToldAndIsLoggedOutElsewhere(CapturedOutput output) {
        Person person = newPerson();
        TestAuthenticator authenticator = add(person);
        Browser other = new Browser(issuer);
        PasskeyPages.logIn(other, other.open("/login"), authenticator);
        assertThat(isLoggedIn(other)).isTrue();

        change(person, "remove", firstId(person.browser().open(PasskeyPages.SETUP)), "");

        assertThat(isLoggedIn(other)).isFalse();
        assertThat(isLoggedIn(person.browser())).isTrue();
        assertThat(PasskeyPages.logIn(other, other.open("/login"), authenticator)
                        .status())
                .isEqualTo(401);
        assertThat(passwordOnly(new Browser(issuer), person).url().getPath()).isEqualTo("/account");
        assertThat(mail.received())
                .filteredOn(letter -> letter.to().equals(person.account().email()))
                .extracting(Mail::subject)
                .contains("How you sign in has changed");
        assertThat(output.getAll())
                .contains("factor.added", "factor.removed", person.account().id());
    }

    @Test
    void whoHasNoSecondFactorSetsUpAPasskeyAndGoesOn() {
        String id = UUID.randomUUID().toString();
        accounts.save(new Account(id, "q-" + id, null, false, List.of("user"), Map.of(), true));
        accounts.setPassword(id, new Secret(PASSWORD));
        Browser browser = new Browser(issuer);
        AuthorizationUrl demanding = AuthorizationUrl.of("web").with("acr_values", "2");
        Page app = browser.logIn(browser.open(demanding.toString()), "q-" + id, PASSWORD);
        assertThat(app.url().getPath()).isEqualTo("/account/authenticator");
        String interaction = app.hidden().getOrDefault("interaction", "");
        assertThat(app.body()).contains("/account/passkeys?interaction=" + interaction);
        Page setup = browser.open("/account/passkeys?interaction=" + interaction);

        Page back = browser.follow(PasskeyPages.send(
                browser, PasskeyPages.SETUP, setup, TestAuthenticator.at(issuer).create(PasskeyPages.options(setup))));

        assertThat(idToken(back)).containsEntry("acr", "2").containsEntry("amr", List.of("pwd", "hwk", "user", "mfa"));
    }

    @Test
    void whoClosesTheirAccountLeavesNoPasskeysBehind() {
        Person person = newPerson();
        TestAuthenticator authenticator = add(person);
        Map<String, String> form = person.browser().open("/account/close").hidden();
        form.put("username", person.name());

        person.browser().post("/account/close", form);

        assertThat(jdbc.queryForObject(
                        "select count(*) from passkey_holders where account_id = ?::uuid",
                        Integer.class,
                        person.account().id()))
                .isZero();
        Browser browser = new Browser(issuer);
        assertThat(PasskeyPages.logIn(browser, browser.open("/login"), authenticator)
                        .status())
                .isEqualTo(401);
    }
}
