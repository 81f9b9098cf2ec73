package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalMail;
import dev.gatehouse.demo.LocalMail.Mail;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Codes by e-mail as the second step of login, over real SMTP: borrowed, guessed, used twice, asked for too often. */
@GatehouseTest
class EmailCodeIT {
    private static final String PASSWORD = "only-in-this-test-8Letters";

    private static final Pattern CODE = Pattern.compile("\\b([0-9]{6})\\b");

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LocalMail mail;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private StringRedisTemplate redis;

    private Account newPerson(boolean confirmed, String... roles) {
        String id = UUID.randomUUID().toString();
        String name = "c-" + id.substring(0, 13);
        Account account = new Account(id, name, name + "@letters.example", confirmed, List.of(roles), Map.of(), true);
        accounts.save(account);
        accounts.setPassword(id, new Secret(PASSWORD));
        return account;
    }

    /** Somebody who has turned codes by e-mail on. */
    private Account newEnrolled() {
        Account person = newPerson(true, "user");
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), person.username(), PASSWORD);
        Page page = browser.open("/account/email-codes");
        assertThat(browser.post("/account/email-codes", page.hidden()).status()).isEqualTo(303);
        return person;
    }

    private Page passwordOnly(Browser browser, Account person) {
        return browser.logIn(browser.open("/login"), person.username(), PASSWORD);
    }

    private Page send(Browser browser, Page step) {
        return browser.post("/login/factor/email/send", step.hidden());
    }

    private static Page type(Browser browser, Page step, String code) {
        Map<String, String> form = step.hidden();
        form.put("code", code);
        return browser.post("/login/factor/email", form);
    }

    private List<String> codes(Account person) {
        return mail.received().stream()
                .filter(letter -> letter.to().equalsIgnoreCase(person.email()))
                .filter(letter -> letter.subject().contains("code"))
                .map(EmailCodeIT::code)
                .toList();
    }

    private static String code(Mail letter) {
        Matcher matcher = CODE.matcher(letter.text());
        assertThat(matcher.find()).as(letter.text()).isTrue();
        return matcher.group(1);
    }

    private String await(Account person, int count) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(15));
        while (codes(person).size() < count) {
            assertThat(Instant.now()).as("%d codes", count).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return codes(person).getLast();
    }

    private static boolean isLoggedIn(Browser browser) {
        return browser.get("/account").status() == 200;
    }

    private static String wrong(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    @Test
    void theCodeFromTheLetterLetsIn() throws InterruptedException {
        Account person = newEnrolled();
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person);
        assertThat(step.url().getPath()).isEqualTo("/login/factor/email");

        String code = await(person, 1);
        assertThat(type(browser, step, wrong(code)).status()).isEqualTo(401);
        assertThat(isLoggedIn(browser)).isFalse();
        assertThat(type(browser, step, code).status()).isEqualTo(303);
        assertThat(isLoggedIn(browser)).isTrue();
        assertThat(String.join(" ", redis.keys("*"))).doesNotContain(code);
    }

    @Test
    void aCodeIsGoodForTheLoginThatItWasSentFor() throws InterruptedException {
        Account person = newEnrolled();
        Browser owner = new Browser(issuer);
        Page ownersStep = passwordOnly(owner, person);
        String code = await(person, 1);
        Browser thief = new Browser(issuer);
        Page thiefsStep = passwordOnly(thief, person);

        assertThat(type(thief, thiefsStep, code).status()).isEqualTo(401);
        assertThat(type(owner, ownersStep, code).status()).isEqualTo(303);
        assertThat(isLoggedIn(thief)).isFalse();
    }

    @Test
    void aNewCodeMakesTheOldOneVoid() throws InterruptedException {
        Account person = newEnrolled();
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person);
        String first = await(person, 1);
        String second = first;
        for (int letters = 2; second.equals(first); letters++) {
            send(browser, step);
            second = await(person, letters);
        }

        assertThat(type(browser, step, first).status()).isEqualTo(401);
        assertThat(type(browser, step, second).status()).isEqualTo(303);
    }

    @Test
    void whoGuessesKillsTheCodeAndThenWaits() throws InterruptedException {
        Account person = newEnrolled();
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person);
        String code = await(person, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(type(browser, step, wrong(code)).status()).isEqualTo(401);
        }

        Page right = type(browser, step, code);
        assertThat(right.status()).isEqualTo(429);
        assertThat(right.header("Retry-After")).isNotEmpty();
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void nobodysMailboxIsFlooded() throws InterruptedException {
        Account person = newEnrolled();
        Browser browser = new Browser(issuer);
        Page step = passwordOnly(browser, person);
        int status = 303;
        int sent = 1;
        while (status == 303 && sent < 20) {
            status = send(browser, step).status();
            sent += status == 303 ? 1 : 0;
        }
        assertThat(status).isEqualTo(429);
        assertThat(sent).isEqualTo(5);
        await(person, 5);
        assertThat(codes(person)).hasSize(5);
    }

    @Test
    void anAddressThatNobodyConfirmedGetsNoCodes() {
        Account person = newPerson(false, "user");
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), person.username(), PASSWORD);
        Page page = browser.open("/account/email-codes");
        assertThat(page.body()).contains("confirm");
        browser.post("/account/email-codes", page.hidden());

        assertThat(passwordOnly(new Browser(issuer), person).url().getPath()).isEqualTo("/account");
    }

    @Test
    void whoMustProveMoreAndHasNothingElseGetsACode() throws InterruptedException {
        Account person = newPerson(true, "user");
        Browser browser = new Browser(issuer);
        Page login =
                browser.open(AuthorizationUrl.of("web").with("acr_values", "2").toString());
        Page step = browser.logIn(login, person.username(), PASSWORD);
        assertThat(step.url().getPath()).isEqualTo("/login/factor/email");

        assertThat(type(browser, step, await(person, 1)).status()).isEqualTo(303);
        assertThat(isLoggedIn(browser)).isTrue();
    }
}
