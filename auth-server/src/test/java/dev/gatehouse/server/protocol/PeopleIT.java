package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalMail;
import dev.gatehouse.demo.LocalMail.Mail;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.consent.Consents;
import dev.gatehouse.server.factor.RecoveryCodes;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Accounts from their opening to their end, over real HTTP and real SMTP, and what strangers try with them. */
@GatehouseTest
class PeopleIT {
    private static final String PASSWORD = "only-in-this-test-8Windows";

    private static final String ANOTHER = "only-in-this-test-9Chimneys";

    private static final Pattern LINK = Pattern.compile("http://localhost:[0-9]+(/[^\\s\"<]+token=[A-Za-z0-9_-]+)");

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private RecoveryCodes recoveryCodes;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Consents consents;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LocalMail mail;

    private static String newAddress() {
        return "P." + UUID.randomUUID().toString().substring(0, 13) + "@people.example";
    }

    private Account newPerson() {
        String id = UUID.randomUUID().toString();
        String name = "p-" + id.substring(0, 13);
        Account account = new Account(id, name, name + "@people.example", true, List.of("user"), Map.of(), true);
        accounts.save(account);
        accounts.setPassword(id, new Secret(PASSWORD));
        return account;
    }

    /** The newest mail to an address, once there are as many. */
    private Mail await(String to, int count) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(15));
        while (true) {
            List<Mail> theirs = to(to);
            if (theirs.size() >= count) {
                return theirs.getLast();
            }
            assertThat(Instant.now()).as("%d mails to %s", count, to).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private List<Mail> to(String address) {
        return mail.received().stream()
                .filter(m -> m.to().equalsIgnoreCase(address))
                .toList();
    }

    private static String link(Mail mail) {
        Matcher link = LINK.matcher(mail.text());
        assertThat(link.find()).as(mail.text()).isTrue();
        return link.group(1);
    }

    /** Fills in the page's form, or is left with the page when it has none. */
    private Page submit(Browser browser, String path, String... fields) {
        Page page = browser.open(path);
        if (page.status() != 200) {
            return page;
        }
        Map<String, String> form = new HashMap<>(page.hidden());
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return browser.post(path.replaceAll("\\?.*", ""), form);
    }

    private Browser loggedIn(Account account, String password) {
        Browser browser = new Browser(issuer);
        Page page = browser.logIn(browser.open("/login"), account.username(), password);
        assertThat(page.body()).contains(account.username());
        return browser;
    }

    @Test
    void anAccountIsOpenedByWhoReadsTheAddress() throws Exception {
        String address = newAddress();
        Browser browser = new Browser(issuer);
        Page asked = submit(browser, "/register", "email", address);
        assertThat(asked.status()).isEqualTo(200);
        String link = link(await(address, 1));

        // A scanner that follows the link does not use it up.
        new Browser(issuer).open(link);
        String username = "u-" + UUID.randomUUID().toString().substring(0, 8);
        Page done = submit(browser, link, "username", username, "name", "Uma", "new-password", PASSWORD);
        assertThat(done.status()).isEqualTo(303);
        assertThat(browser.follow(done).body()).contains("Your account is ready");
        Account account = accounts.findByUsername(username).orElseThrow();
        assertThat(account.emailVerified()).isTrue();
        assertThat(account.displayName()).isEqualTo("Uma");
        loggedIn(account, PASSWORD);

        assertThat(submit(browser, link, "username", "x" + username, "new-password", PASSWORD)
                        .status())
                .isEqualTo(400);
        assertThat(accounts.findByUsername("x" + username)).isEmpty();
    }

    @Test
    void aStrangerLearnsNothingOfWhoHasAnAccount() throws Exception {
        Account person = newPerson();
        String unknown = newAddress();
        for (String path : List.of("/register", "/recover")) {
            String field = path.equals("/register") ? "email" : "who";
            Page known = submit(new Browser(issuer), path, field, String.valueOf(person.email()));
            Page stranger = submit(new Browser(issuer), path, field, unknown);
            assertThat(known.status()).isEqualTo(stranger.status()).isEqualTo(200);
            assertThat(known.body()).isEqualTo(stranger.body());
        }
        await(String.valueOf(person.email()), 2);
        assertThat(to(String.valueOf(person.email())).stream().map(Mail::subject))
                .containsExactlyInAnyOrder("You have an account already", "Set a new password");
        assertThat(await(unknown, 1).subject()).isEqualTo("Confirm your e-mail address");
        assertThat(to(unknown)).hasSize(1);
    }

    @Test
    void recoverySetsThePasswordOnceAndEndsEverySession() throws Exception {
        Account person = newPerson();
        Browser thief = loggedIn(person, PASSWORD);
        Browser browser = new Browser(issuer);
        submit(browser, "/recover", "who", person.username());
        String first = link(await(String.valueOf(person.email()), 1));
        submit(browser, "/recover", "who", person.username());
        String link = link(await(String.valueOf(person.email()), 2));

        assertThat(submit(browser, first, "new-password", ANOTHER).status())
                .as("an earlier link is over")
                .isEqualTo(400);
        assertThat(submit(browser, link, "new-password", "short").body()).contains("at least 8 characters");
        assertThat(submit(browser, link, "new-password", "Sunshine1").body()).contains("stolen lists");
        assertThat(submit(browser, link, "new-password", person.username() + "1")
                        .body())
                .contains("too close to your name");
        assertThat(thief.get("/account").status()).isEqualTo(200);

        assertThat(parallel(
                        8,
                        () -> submit(new Browser(issuer), link, "new-password", ANOTHER)
                                .status()))
                .containsOnlyOnce(303)
                .containsOnly(303, 400);

        assertThat(thief.get("/account").status()).isEqualTo(303);
        loggedIn(person, ANOTHER);
        assertThat(await(String.valueOf(person.email()), 3).subject()).isEqualTo("Your password was changed");
    }

    private static <T> List<T> parallel(int times, Callable<T> work) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                futures.add(threads.submit(work));
            }
            for (Future<T> future : futures) {
                results.add(future.get());
            }
        }
        return results;
    }

    @Test
    void aTokenIsGoodForWhatItWasSentForOnly() throws Exception {
        Account person = newPerson();
        Browser browser = new Browser(issuer);
        submit(browser, "/recover", "who", person.username());
        String token = link(await(String.valueOf(person.email()), 1)).replaceAll(".*token=", "");
        assertThat(browser.open("/register/complete?token=" + token).status()).isEqualTo(400);
        assertThat(browser.open("/verify-email?token=" + token).status()).isEqualTo(400);
        assertThat(browser.open("/recover/password?token=" + token + "x").status())
                .isEqualTo(400);
        assertThat(browser.open("/recover/password?token=" + token).status()).isEqualTo(200);
    }

    @Test
    void nobodysMailboxIsFlooded() throws Exception {
        Account person = newPerson();
        for (int i = 0; i < 9; i++) {
            assertThat(submit(new Browser(issuer, "127.0.1." + (i + 1)), "/recover", "who", person.username())
                            .status())
                    .isEqualTo(200);
        }
        await(String.valueOf(person.email()), 5);
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(to(String.valueOf(person.email()))).hasSize(5);
    }

    @Test
    void linksLeadToTheIssuerWhateverHostIsAskedFor() throws Exception {
        Account person = newPerson();
        Browser browser = new Browser(issuer);
        submit(browser, "/recover", "who", person.username());
        assertThat(await(String.valueOf(person.email()), 1).text()).contains(issuer + "/recover/password?token=");
    }

    @Test
    void aChangedPasswordEndsTheOtherSessionsAndKeepsThisOne() throws Exception {
        Account person = newPerson();
        Browser other = loggedIn(person, PASSWORD);
        Browser here = loggedIn(person, PASSWORD);
        assertThat(submit(here, "/account/password", "new-password", ANOTHER).location())
                .endsWith("/account/security?done=password");
        assertThat(here.get("/account").status()).isEqualTo(200);
        assertThat(other.get("/account").status()).isEqualTo(303);
        assertThat(await(String.valueOf(person.email()), 1).subject()).isEqualTo("Your password was changed");
        assertThat(here.open("/account/devices").body()).contains("this device");
    }

    @Test
    void anAddressChangesWhenItsReaderSaysSoAndTheOldOneIsTold() throws Exception {
        Account person = newPerson();
        String address = newAddress();
        Browser browser = loggedIn(person, PASSWORD);
        submit(browser, "/account/email", "email", address);
        assertThat(await(String.valueOf(person.email()), 1).text()).contains(address);
        String link = link(await(address, 1));
        assertThat(accounts.findById(person.id()).orElseThrow().email()).isEqualTo(person.email());
        browser.open(link);
        assertThat(accounts.findById(person.id()).orElseThrow().email()).isEqualTo(person.email());
        assertThat(submit(browser, link).status()).isEqualTo(200);
        assertThat(accounts.findById(person.id()).orElseThrow().email()).isEqualTo(address);
        assertThat(submit(browser, link).status()).isEqualTo(400);
    }

    @Test
    void anAddressOfAnotherAccountIsNotTakenOver() throws Exception {
        Account person = newPerson();
        Account victim = newPerson();
        Browser browser = loggedIn(person, PASSWORD);
        submit(
                browser,
                "/account/email",
                "email",
                String.valueOf(victim.email()).toUpperCase(java.util.Locale.ROOT));
        Page confirmed = submit(browser, link(await(String.valueOf(victim.email()), 1)));
        assertThat(confirmed.status()).isEqualTo(400);
        assertThat(accounts.findById(person.id()).orElseThrow().email()).isEqualTo(person.email());
    }

    @Test
    void aClosedAccountIsErasedAndItsNameIsNeverGivenAway() throws Exception {
        Account person = newPerson();
        Browser other = loggedIn(person, PASSWORD);
        Browser browser = loggedIn(person, PASSWORD);
        recoveryCodes.renew(person.id());
        consents.grant(person.id(), "spa", Scopes.of("profile"));
        assertThat(submit(browser, "/account/close", "username", "somebody else")
                        .status())
                .isEqualTo(400);
        assertThat(submit(browser, "/account/close", "username", person.username())
                        .location())
                .endsWith("/login?notice=closed");
        assertThat(other.get("/account").status()).isEqualTo(303);
        Account closed = accounts.findById(person.id()).orElseThrow();
        assertThat(closed.enabled()).isFalse();
        assertThat(closed.email()).isNull();
        assertThat(closed.roles()).isEmpty();
        assertThat(recoveryCodes.isEnrolled(person.id())).isFalse();
        assertThat(consents.of(person.id())).isEmpty();
        assertThat(new Browser(issuer)
                        .logIn(new Browser(issuer).open("/login"), person.username(), PASSWORD)
                        .status())
                .isNotEqualTo(200);
        String address = newAddress();
        submit(browser, "/register", "email", address);
        assertThat(submit(browser, link(await(address, 1)), "username", person.username(), "new-password", ANOTHER)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void oneDeviceIsSignedOutAndNobodyElsesIs() {
        Account person = newPerson();
        Account stranger = newPerson();
        Browser other = loggedIn(person, PASSWORD);
        Browser here = loggedIn(person, PASSWORD);
        Browser elsewhere = loggedIn(stranger, PASSWORD);
        String devices = here.open("/account/devices").body();
        Matcher sid =
                Pattern.compile("name=\"sid\" value=\"([A-Za-z0-9_-]{22})\"").matcher(devices);
        assertThat(sid.find()).isTrue();

        Map<String, String> form =
                new HashMap<>(elsewhere.open("/account/devices").hidden());
        form.put("sid", sid.group(1));
        elsewhere.post("/account/devices", form);
        assertThat(other.get("/account").status()).as("by a stranger").isEqualTo(200);

        form = new HashMap<>(here.open("/account/devices").hidden());
        form.put("sid", sid.group(1));
        here.post("/account/devices", form);
        assertThat(other.get("/account").status()).as("by the person").isEqualTo(303);
        assertThat(here.get("/account").status()).isEqualTo(200);
    }

    @Test
    void anApplicationThatLosesAccessLosesItsTokensAndAsksAgain() {
        Account person = newPerson();
        ClientSide anybody = ClientSide.unauthenticated(issuer);
        ClientSide inventory = ClientSide.of(issuer, "inventory", "inventory-secret");
        ClientSide web = ClientSide.of(issuer, "web", "web-secret");
        Browser browser = new Browser(issuer);
        Page question = browser.logIn(browser.open(AuthorizationUrl.of("spa").toString()), person.username(), PASSWORD);
        String spas = redeem(anybody, browser.consent(question, "allow"), "client_id", "spa")
                .text("access_token");
        Answer webs = redeem(web, browser.open(AuthorizationUrl.of("web").toString()));

        String page = browser.open("/account/applications").body();
        assertThat(page).contains("Orders at a glance").contains("See your orders");
        assertThat(browser.open("/account/devices").body()).contains("Orders at a glance");

        for (String client : List.of("spa", "web")) {
            Map<String, String> form =
                    new HashMap<>(browser.open("/account/applications").hidden());
            form.put("client", client);
            browser.post("/account/applications", form);
        }

        assertThat(inventory.introspect(spas).json()).containsEntry("active", false);
        assertThat(inventory.introspect(webs.text("access_token")).json()).containsEntry("active", false);
        assertThat(web.token("grant_type", "refresh_token", "refresh_token", webs.text("refresh_token"))
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(browser.get("/account").status()).isEqualTo(200);
        assertThat(browser.open(AuthorizationUrl.of("spa").toString()).body()).contains("asks for access");
    }

    private static Answer redeem(ClientSide client, Page callback, String... more) {
        List<String> parameters = new ArrayList<>(List.of(
                "grant_type",
                "authorization_code",
                "code",
                callback.query().get("code"),
                "redirect_uri",
                AuthorizationUrl.REDIRECT_URI,
                "code_verifier",
                AuthorizationUrl.VERIFIER));
        parameters.addAll(List.of(more));
        Answer answer = client.token(parameters.toArray(String[]::new));
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    @Test
    void accountFormsOfOtherSitesChangeNothing() {
        Account person = newPerson();
        Browser browser = loggedIn(person, PASSWORD);
        for (String path : List.of("/account/password", "/account/email", "/account/close", "/account/devices")) {
            assertThat(browser.post(path, Map.of("new-password", ANOTHER, "sid", "all", "username", person.username()))
                            .status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(new Browser(issuer).get("/account/security").location()).endsWith("/login?to=/account/security");
        assertThat(new Browser(issuer).open("/login?to=//evil.example").body()).doesNotContain("evil.example");
    }
}
