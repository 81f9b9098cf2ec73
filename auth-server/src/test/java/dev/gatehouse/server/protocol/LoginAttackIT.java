package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Attacks from many addresses, and what they do to people on their own devices and on new ones. */
@GatehouseTest
class LoginAttackIT {
    private static final String PASSWORD = "only-in-this-test-9Walls";

    private static final String STUFFING = "gh:stuffing:{login}:until";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private StringRedisTemplate redis;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LocalRedis redisServer;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private MeterRegistry metrics;

    private String newPerson(boolean confirmed) {
        String id = UUID.randomUUID().toString();
        String username = "a-" + id.substring(0, 13);
        accounts.save(
                new Account(id, username, username + "@attack.example", confirmed, List.of("user"), Map.of(), true));
        accounts.setPassword(id, new Secret(PASSWORD));
        return username;
    }

    private Page attempt(Browser browser, String username, String password) {
        return browser.logIn(browser.open("/login"), username, password);
    }

    private Browser knownDevice(String username, String address) {
        Browser browser = new Browser(issuer, address);
        assertThat(attempt(browser, username, PASSWORD).status()).isEqualTo(200);
        return loggedOut(browser, address);
    }

    /** The same browser, without its login. */
    private Browser loggedOut(Browser browser, String address) {
        Browser later = new Browser(issuer, address);
        later.bring("gatehouse-device", browser.cookie("gatehouse-device"));
        return later;
    }

    @Test
    void aFloodFromManyAddressesGetsItsThirtyTriesAndTheOwnerGetsIn() {
        String victim = newPerson(false);
        Browser owner = knownDevice(victim, "127.0.7.1");
        int checked = 0;
        for (int i = 0; i < 50; i++) {
            int status = attempt(new Browser(issuer, "127.0.8." + (i + 1)), victim, "guess")
                    .status();
            assertThat(status).isIn(401, 429);
            checked += status == 401 ? 1 : 0;
        }

        assertThat(checked).isBetween(30, 31);
        Page elsewhere = attempt(new Browser(issuer, "127.0.9.1"), victim, PASSWORD);
        assertThat(elsewhere.status()).isEqualTo(429);
        assertThat(Integer.parseInt(elsewhere.header("Retry-After"))).isBetween(1, 120);
        assertThat(attempt(owner, victim, PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void whoStealsADeviceCookieGetsItsBudgetAndNothingElse() {
        String victim = newPerson(false);
        Browser thief = knownDevice(victim, "127.0.7.2");
        for (int i = 0; i < 10; i++) {
            assertThat(attempt(thief, victim, "guess").status()).isEqualTo(401);
        }

        assertThat(attempt(thief, victim, PASSWORD).status()).isEqualTo(429);
        assertThat(attempt(loggedOut(thief, "127.0.7.3"), victim, PASSWORD).status())
                .isEqualTo(429);
        assertThat(attempt(new Browser(issuer, "127.0.7.2"), victim, PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void aDeviceOfOnePersonIsNewToAnother() {
        String victim = newPerson(false);
        Browser mallorys = knownDevice(newPerson(false), "127.0.7.4");
        for (int i = 0; i < 10; i++) {
            assertThat(attempt(mallorys, victim, "guess").status()).isEqualTo(401);
        }

        assertThat(attempt(new Browser(issuer, "127.0.7.4"), victim, "guess").status())
                .isEqualTo(429);
    }

    @Test
    void inAFloodTheRefusalIsAShortPageThatLeadsBack() throws Exception {
        String victim = newPerson(false);
        Browser guesser = new Browser(issuer, "127.0.7.10");
        guesser.send("Accept-Language", "de");
        Page asked = guesser.open(AuthorizationUrl.of("web").toString());
        Map<String, String> form = asked.hidden();
        form.put("username", victim);
        form.put("password", "guess");
        Callable<Page> guess = () -> guesser.post("/login", form);
        List<Page> pages;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            pages = threads.invokeAll(Collections.nCopies(100, guess)).stream()
                    .map(Future::resultNow)
                    .filter(page -> page.status() == 429)
                    .toList();
        }
        int unreadable = statusOf("username=" + victim + "&password=%zz");

        assertThat(unreadable).isEqualTo(400);
        assertThat(pages)
                .hasSizeGreaterThanOrEqualTo(89)
                .allSatisfy(page -> assertThat(page.body()).contains("Zu viele Fehlversuche"));
        assertThat(pages)
                .filteredOn(page -> !page.body().contains("<form"))
                .isNotEmpty()
                .allSatisfy(page -> {
                    assertThat(page.body()).contains("href=\"/login?interaction=" + form.get("interaction") + "\"");
                    assertThat(page.header("Retry-After")).isNotEmpty();
                    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
                });
    }

    private int statusOf(String form) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void aForwardedAddressFromNoProxyOfOursChangesNothing() {
        String victim = newPerson(false);
        Browser guesser = new Browser(issuer, "127.0.7.5");
        for (int i = 0; i < 10; i++) {
            guesser.send("X-Forwarded-For", "198.51.100." + i);
            assertThat(attempt(guesser, victim, "guess").status()).isEqualTo(401);
        }

        assertThat(attempt(guesser, victim, "guess").status()).isEqualTo(429);
    }

    @Test
    void whileStolenPasswordsAreTriedANewDeviceTakesASecondProofAndAKnownOneDoesNot() throws Exception {
        String person = newPerson(true);
        String without = newPerson(false);
        Browser known = knownDevice(person, "127.0.7.6");
        stuffing(true);
        try {
            assertThat(attempt(new Browser(issuer, "127.0.7.7"), person, PASSWORD)
                            .url()
                            .getPath())
                    .isEqualTo("/login/factor/email");
            assertThat(attempt(known, person, PASSWORD).url().getPath()).isEqualTo("/account");
            assertThat(attempt(new Browser(issuer, "127.0.7.7"), without, PASSWORD)
                            .url()
                            .getPath())
                    .isEqualTo("/account");
        } finally {
            stuffing(false);
        }
        assertThat(attempt(new Browser(issuer, "127.0.7.7"), person, PASSWORD)
                        .url()
                        .getPath())
                .isEqualTo("/account");
    }

    @Test
    void whileRedisHangsGuessesAreCountedAndTheOwnerSoonGetsIn() throws Exception {
        String person = newPerson(false);
        Browser owner = knownDevice(person, "127.0.7.8");
        signal("-STOP");
        try {
            Browser guesser = new Browser(issuer, "127.0.7.9");
            for (int i = 0; i < 10; i++) {
                assertThat(attempt(guesser, person, "guess").status()).isEqualTo(401);
            }
            assertThat(attempt(guesser, person, "guess").status()).isEqualTo(429);

            Page page = attempt(owner, person, PASSWORD);
            for (int i = 0; i < 10 && page.status() == 503; i++) {
                assertThat(page.header("Retry-After")).isEqualTo("2");
                assertThat(page.body()).contains("Please wait a moment");
                Thread.sleep(500);
                page = attempt(owner, person, PASSWORD);
            }
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.url().getPath()).isEqualTo("/account");
        } finally {
            signal("-CONT");
        }
        while (metrics.get("gatehouse.standby").gauge().value() != 0) {
            Thread.sleep(20);
        }
        assertThat(owner.open("/account").url().getPath()).isEqualTo("/account");
        assertThat(attempt(new Browser(issuer, "127.0.7.9"), person, "guess").status())
                .isEqualTo(429);
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(redisServer.pid()))
                .start()
                .waitFor();
    }

    /** As another server would begin it or let it end; ours learns it within a second. */
    private void stuffing(boolean on) throws InterruptedException {
        long until = System.currentTimeMillis() + (on ? 60_000 : -1);
        redis.opsForValue().set(STUFFING, Long.toString(until), Duration.ofMinutes(1));
        while (metrics.get("gatehouse.login.stuffing").gauge().value() != (on ? 1 : 0)) {
            Thread.sleep(20);
        }
    }
}
