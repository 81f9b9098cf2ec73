package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.passkey.TestAuthenticator;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Login by a passkey alone, under attack: what it signed used twice, borrowed, made elsewhere or for something else. */
@GatehouseTest
@ExtendWith(OutputCaptureExtension.class)
class PasskeyLoginIT {
    private static final String PASSWORD = "only-in-this-test-6Arches";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    /** Somebody with a passkey. */
    private record Owner(Account account, TestAuthenticator authenticator) {}

    private Owner newOwner(TestAuthenticator authenticator) {
        String id = UUID.randomUUID().toString();
        Account account = new Account(id, "k-" + id.substring(0, 13), null, false, List.of("user"), Map.of(), true);
        accounts.save(account);
        accounts.setPassword(id, new Secret(PASSWORD));
        Browser browser = new Browser(issuer);
        browser.logIn(browser.open("/login"), account.username(), PASSWORD);
        assertThat(PasskeyPages.add(browser, authenticator).location()).isEqualTo("/account/recovery-codes");
        return new Owner(account, authenticator);
    }

    private Owner newOwner() {
        return newOwner(TestAuthenticator.at(issuer));
    }

    private static boolean isLoggedIn(Browser browser) {
        return browser.get("/account").status() == 200;
    }

    private Answer tokens(Page redirect) {
        assertThat(redirect.location()).startsWith(AuthorizationUrl.REDIRECT_URI);
        return ClientSide.of(issuer, "web", "web-secret")
                .token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        redirect.query().getOrDefault("code", ""),
                        "redirect_uri",
                        AuthorizationUrl.REDIRECT_URI,
                        "code_verifier",
                        AuthorizationUrl.VERIFIER);
    }

    @Test
    void aPasskeyAloneLogsInAndTheTokensSaySo() {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        Page login = browser.open(AuthorizationUrl.of("web").toString());

        Answer tokens = tokens(browser.follow(PasskeyPages.logIn(browser, login, owner.authenticator())));

        for (String token : List.of("id_token", "access_token")) {
            assertThat(ClientSide.claims(tokens.text(token)))
                    .containsEntry("sub", owner.account().id())
                    .containsEntry("acr", "2")
                    .containsEntry("amr", List.of("hwk", "user", "mfa"));
        }
    }

    @Test
    void aSyncedPasskeyIsAKeyInSoftware() {
        Owner owner = newOwner(TestAuthenticator.at(issuer).synced());
        Browser browser = new Browser(issuer);
        Page login = browser.open(AuthorizationUrl.of("web").toString());

        Answer tokens = tokens(browser.follow(PasskeyPages.logIn(browser, login, owner.authenticator())));

        assertThat(ClientSide.claims(tokens.text("id_token"))).containsEntry("amr", List.of("swk", "user", "mfa"));
    }

    @Test
    void aPasskeyMeetsWhoeverDemandsASecondFactorWithoutAnotherStep() {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        Page login =
                browser.open(AuthorizationUrl.of("web").with("acr_values", "2").toString());

        Page done = PasskeyPages.logIn(browser, login, owner.authenticator());

        assertThat(done.location()).startsWith("/oauth2/authorize?interaction=");
        assertThat(browser.follow(done).location()).startsWith(AuthorizationUrl.REDIRECT_URI);
    }

    @Test
    void aLoginAnewIsOneByPasskeyToo() {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        PasskeyPages.logIn(browser, browser.open("/login"), owner.authenticator());
        assertThat(browser.get(AuthorizationUrl.of("web").toString()).location())
                .startsWith(AuthorizationUrl.REDIRECT_URI);

        for (String demand : List.of("prompt=login", "max_age=0")) {
            String[] parameter = demand.split("=", 2);
            Page login = browser.open(AuthorizationUrl.of("web")
                    .with(parameter[0], parameter[1])
                    .with("login_hint", owner.account().username())
                    .toString());
            assertThat(login.url().getPath()).as(demand).isEqualTo("/login");
            assertThat(login.body()).contains(owner.account().username());
            assertThat(PasskeyPages.options(login)).contains("\"allowCredentials\":[]");

            Page back = browser.follow(PasskeyPages.logIn(browser, login, owner.authenticator()));

            assertThat(back.location()).as(demand).startsWith(AuthorizationUrl.REDIRECT_URI);
        }
    }

    @Test
    void whatAPasskeySignedIsGoodOnce() {
        Owner owner = newOwner(TestAuthenticator.at(issuer).synced());
        Browser browser = new Browser(issuer);
        Page login = browser.open("/login");
        String credential = owner.authenticator().get(PasskeyPages.options(login));

        assertThat(PasskeyPages.logIn(browser, login, credential).status()).isEqualTo(303);
        browser.post("/connect/logout", browser.open("/connect/logout").hidden());
        assertThat(isLoggedIn(browser)).isFalse();
        assertThat(PasskeyPages.logIn(browser, browser.open("/login"), credential)
                        .status())
                .isEqualTo(401);
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void ofManyUsesAtOnceExactlyOneLogsIn() throws InterruptedException, ExecutionException {
        Owner owner = newOwner(TestAuthenticator.at(issuer).synced());
        Browser browser = new Browser(issuer);
        Page login = browser.open("/login");
        String credential = owner.authenticator().get(PasskeyPages.options(login));
        int many = 4;
        CyclicBarrier start = new CyclicBarrier(many);
        List<Callable<Integer>> uses = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            uses.add(() -> {
                start.await();
                return PasskeyPages.logIn(browser, login, credential).status();
            });
        }

        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            for (Future<Integer> status : threads.invokeAll(uses)) {
                statuses.add(status.get());
            }
        }

        assertThat(statuses).containsOnlyOnce(303).containsOnly(303, 401);
    }

    @Test
    void whatAnotherBrowserWasAskedIsNoUse() {
        Owner owner = newOwner();
        Browser victim = new Browser(issuer);
        String stolen = owner.authenticator().get(PasskeyPages.options(victim.open("/login")));
        Browser thief = new Browser(issuer);

        assertThat(PasskeyPages.logIn(thief, thief.open("/login"), stolen).status())
                .isEqualTo(401);
        assertThat(isLoggedIn(thief)).isFalse();
    }

    @Test
    void whatWasAskedForSomethingElseIsNoUse() {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        Page step = browser.logIn(browser.open("/login"), owner.account().username(), PASSWORD);
        assertThat(step.url().getPath()).isEqualTo(PasskeyPages.STEP);
        String confirmation = owner.authenticator().get(PasskeyPages.options(step));

        assertThat(PasskeyPages.logIn(browser, browser.open("/login"), confirmation)
                        .status())
                .isEqualTo(401);
        assertThat(isLoggedIn(browser)).isFalse();
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("a page of another site", key -> key.atOrigin("http://localhost.attacker.example")),
                lie("another port", key -> key.atOrigin("http://localhost:1")),
                lie("a frame of another site", TestAuthenticator::inAFrameOfAnotherSite),
                lie("another domain", key -> key.forDomain("attacker.example")),
                lie("a registration", key -> key.saying("webauthn.create")),
                lie("nobody verified", TestAuthenticator::unverified),
                lie("nobody present", TestAuthenticator::absent),
                lie("a key that could not leave and now can", TestAuthenticator::suddenlyMovable),
                lie("no account named", key -> key.withUserHandle("")),
                lie("another account named", key -> key.withUserHandle("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")));
    }

    private static Arguments lie(String name, UnaryOperator<TestAuthenticator> lie) {
        return Arguments.of(name, lie);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void aLieIsRefusedInTheSameWordsAsAnUnknownPasskey(String name, UnaryOperator<TestAuthenticator> lie) {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        Page stranger = PasskeyPages.logIn(browser, browser.open("/login"), TestAuthenticator.at(issuer));

        Page refused = PasskeyPages.logIn(browser, browser.open("/login"), lie.apply(owner.authenticator()));

        assertThat(refused.status()).as(name).isEqualTo(401);
        assertThat(withoutSecrets(refused)).isEqualTo(withoutSecrets(stranger));
        assertThat(isLoggedIn(browser)).isFalse();
    }

    private static String withoutSecrets(Page page) {
        return page.body().replaceAll("(value|data-options)=\"[^\"]*\"", "");
    }

    @Test
    void anothersCredentialIsNotSignedForByOnesOwnKey() {
        Owner owner = newOwner();
        TestAuthenticator forger = TestAuthenticator.at(issuer).impersonating(owner.authenticator());
        Browser browser = new Browser(issuer);

        assertThat(PasskeyPages.logIn(browser, browser.open("/login"), forger).status())
                .isEqualTo(401);
    }

    @Test
    void aCopiedKeyGivesItselfAwayByItsCounter(CapturedOutput output) {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        owner.authenticator().countingFrom(40);
        assertThat(PasskeyPages.logIn(browser, browser.open("/login"), owner.authenticator())
                        .status())
                .isEqualTo(303);
        Browser thief = new Browser(issuer);
        owner.authenticator().countingFrom(30);

        assertThat(PasskeyPages.logIn(thief, thief.open("/login"), owner.authenticator())
                        .status())
                .isEqualTo(401);
        assertThat(isLoggedIn(thief)).isFalse();
        assertThat(output.getAll())
                .contains("passkey.counter")
                .contains(owner.account().id());
    }

    @Test
    void aDisabledAccountIsNotLetIn() {
        Owner owner = newOwner();
        Account a = owner.account();
        accounts.save(new Account(a.id(), a.username(), null, false, a.roles(), Map.of(), false));
        Browser browser = new Browser(issuer);

        assertThat(PasskeyPages.logIn(browser, browser.open("/login"), owner.authenticator())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoFloodsIsToldToWaitAndOthersAreNot() {
        Owner owner = newOwner();
        Browser flooder = new Browser(issuer, "127.0.0.61");
        Page login = flooder.open("/login");
        for (int i = 0; i < 60; i++) {
            assertThat(PasskeyPages.logIn(flooder, login, "{\"id\":\"" + i + "\"}")
                            .status())
                    .isEqualTo(401);
        }

        Page limited = PasskeyPages.logIn(flooder, login, owner.authenticator());

        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 600);
        Browser other = new Browser(issuer);
        assertThat(PasskeyPages.logIn(other, other.open("/login"), owner.authenticator())
                        .status())
                .isEqualTo(303);
        assertThat(flooder.logInAsBob(flooder.open("/login")).url().getPath()).isEqualTo("/account");
    }

    @Test
    void whatIsNoCredentialIsRefused() {
        Browser browser = new Browser(issuer, "127.0.0.62");
        Page login = browser.open("/login");
        for (String nonsense : List.of("{}", "[]", "null", "{\"rawId\":\"%%%\"}", "x".repeat(8000), "[".repeat(4000))) {
            assertThat(PasskeyPages.logIn(browser, login, nonsense).status())
                    .as(nonsense)
                    .isEqualTo(401);
        }
        for (String nothing : List.of("", "x".repeat(9000))) {
            Page answer = PasskeyPages.logIn(browser, login, nothing);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("took too long");
        }
    }

    @Test
    void aFormOfAnotherSiteIsNotLookedAt() {
        Owner owner = newOwner();
        Browser browser = new Browser(issuer);
        String credential = owner.authenticator().get(PasskeyPages.options(browser.open("/login")));

        assertThat(browser.post("/login/passkey", Map.of("credential", credential))
                        .status())
                .isEqualTo(403);
        assertThat(browser.postFromElsewhere("/login/passkey", Map.of("credential", credential))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void onlyPagesThatAskForPasskeysRunScriptsAndOnlyOurs() {
        Browser browser = new Browser(issuer);
        String policy = browser.open("/login").header("Content-Security-Policy");

        assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "form-action 'self'")
                .doesNotContain("unsafe", "connect-src");
        assertThat(browser.open(AuthorizationUrl.of("web").toString()).header("Content-Security-Policy"))
                .contains("script-src 'self'")
                .doesNotContain("form-action");
        assertThat(browser.open("/recover").header("Content-Security-Policy")).doesNotContain("script-src");
        assertThat(browser.open("/login").body()).doesNotContainPattern("<script[^>]*>[^<]");
    }
}
