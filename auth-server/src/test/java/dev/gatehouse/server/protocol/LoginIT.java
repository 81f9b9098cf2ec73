package dev.gatehouse.server.protocol;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** The login page under attack: guessing, enumeration, fixation, forged forms. */
@GatehouseTest
class LoginIT {
    private static final String PASSWORD = "only-in-this-test-7Doors";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    /** A person whom no other test knows, so that the limits of one test do not meet another. */
    private String newPerson() {
        String id = UUID.randomUUID().toString();
        String username = "p-" + id.substring(0, 13);
        accounts.save(new Account(id, username, null, false, List.of("user"), Map.of(), true));
        accounts.setPassword(id, new Secret(PASSWORD));
        return username;
    }

    private Page attempt(Browser browser, String username, String password) {
        return browser.logIn(browser.open("/login"), username, password);
    }

    /** What the page says, without what is new on each page. */
    private static String text(Page page) {
        return page.body()
                .replaceAll("name=\"_csrf\" value=\"[^\"]*\"", "")
                .replaceAll("challenge&quot;:&quot;[^&]*&quot;", "");
    }

    @Test
    void anUnknownNameAndAWrongPasswordGetTheSameAnswer() {
        Browser browser = new Browser(issuer, "127.0.0.11");
        Page wrong = attempt(browser, newPerson(), "wrong-password");
        Page unknown = attempt(browser, "p-nobody-knows", "wrong-password");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(text(unknown).replace("p-nobody-knows", ""))
                .isEqualTo(text(wrong).replaceAll("p-[0-9a-f-]{13}", ""));
        assertThat(unknown.body()).doesNotContain("wrong-password");
    }

    @Test
    void whoGuessesIsToldToWaitAndTheOwnerElsewhereIsNot() {
        String victim = newPerson();
        Browser guesser = new Browser(issuer, "127.0.0.12");
        for (int i = 0; i < 10; i++) {
            assertThat(attempt(guesser, victim, "guess-" + i).status()).isEqualTo(401);
        }

        Page limited = attempt(guesser, victim, PASSWORD);

        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 600);
        assertThat(limited.body()).contains("Too many failed attempts").contains("try again in");
        assertThat(attempt(guesser, newPerson(), PASSWORD).status()).isEqualTo(200);
        assertThat(attempt(new Browser(issuer, "127.0.0.13"), victim, PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void guessingInParallelGainsNothing() throws InterruptedException, ExecutionException {
        String victim = newPerson();
        Callable<Integer> guess = () ->
                attempt(new Browser(issuer, "127.0.0.14"), victim, "guess").status();
        int checked = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<Integer> status : threads.invokeAll(
                    IntStream.range(0, 48).mapToObj(_ -> guess).toList())) {
                assertThat(status.get()).isIn(401, 429, 503);
                checked += status.get() == 401 ? 1 : 0;
            }
        }
        assertThat(checked).isLessThanOrEqualTo(11);
    }

    @Test
    void goodLoginsAreNotCounted() {
        String person = newPerson();
        for (int i = 0; i < 15; i++) {
            assertThat(attempt(new Browser(issuer, "127.0.0.15"), person, PASSWORD)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theSessionChangesItsNameAtLogin() {
        Browser browser = new Browser(issuer, "127.0.0.16");
        Page asked = browser.open(AuthorizationUrl.of("web").toString());
        String before = browser.cookieHeader();
        assertThat(before).contains("gatehouse=");

        browser.logIn(asked, newPerson(), PASSWORD);

        assertThat(browser.cookie("gatehouse")).isNotEmpty();
        assertThat(before).doesNotContain(browser.cookie("gatehouse"));
    }

    @Test
    void aFormWithoutItsTokenLogsNobodyIn() {
        Browser browser = new Browser(issuer, "127.0.0.17");
        browser.open("/login");
        Map<String, String> forged = Map.of("username", newPerson(), "password", PASSWORD);

        assertThat(browser.post("/login", forged).status()).isEqualTo(403);
        assertThat(browser.postFromElsewhere("/login", forged).status()).isEqualTo(403);
    }

    @Test
    void badFormsAreRefusedAndCountNothing() {
        Browser browser = new Browser(issuer, "127.0.0.18");
        String person = newPerson();
        assertThat(attempt(browser, "", "").status()).isEqualTo(400);
        assertThat(attempt(browser, person, "").status()).isEqualTo(400);
        assertThat(attempt(browser, "x".repeat(20_000), "y").status()).isEqualTo(400);
        assertThat(attempt(browser, "nul\0byte", "y").status()).isEqualTo(400);
        assertThat(attempt(browser, person, PASSWORD).status()).isEqualTo(200);
    }
}
