package dev.gatehouse.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.session.RememberedBrowsers.Presentation;
import dev.gatehouse.server.session.RememberedBrowsers.Recognised;
import dev.gatehouse.server.session.RememberedBrowsers.Stolen;
import dev.gatehouse.server.session.RememberedBrowsers.Unknown;
import jakarta.servlet.http.Cookie;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Cookies of remembered browsers: used, raced, replayed, stolen, forged and outlived. */
class RememberedBrowsersTest {
    private static final String NAME = "gatehouse-remembered";

    private static final Instant PROOF = Instant.parse("2026-11-23T10:00:00Z");

    private static SessionFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new SessionFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    /** What a browser has after a request: what came of it, and the cookie that was set, if one was. */
    private record Use(Presentation presentation, @Nullable String cookie) {}

    private static LoginSession newLogin() {
        byte[] sid = new byte[16];
        new SecureRandom().nextBytes(sid);
        return new LoginSession(
                Base64.getUrlEncoder().withoutPadding().encodeToString(sid),
                fixture.account(),
                "somebody",
                PROOF,
                List.of("pwd", "otp", "mfa"),
                "2");
    }

    private static String remember(LoginSession login, String... before) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        fixture.remembered.remember(request(before), response, login, 7);
        return Objects.requireNonNull(cookie(response));
    }

    private static MockHttpServletRequest request(String... cookies) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        Cookie[] sent = new Cookie[cookies.length];
        for (int i = 0; i < cookies.length; i++) {
            sent[i] = new Cookie(NAME, cookies[i]);
        }
        request.setCookies(sent);
        return request;
    }

    private static @Nullable String cookie(MockHttpServletResponse response) {
        Cookie cookie = response.getCookie(NAME);
        return cookie == null ? null : cookie.getValue();
    }

    private static Use present(String... cookies) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        return new Use(fixture.remembered.present(request(cookies), response), cookie(response));
    }

    private static String used(String cookie) {
        return Objects.requireNonNull(present(cookie).cookie());
    }

    /** Lets time pass for a browser: for everything that the database counts from. */
    private static void pass(LoginSession login, Duration time) {
        fixture.database
                .sql("update remembered_browsers set rotated_at = rotated_at - make_interval(secs => :secs),"
                        + " expires_at = expires_at - make_interval(secs => :secs) where sid = :sid")
                .param("secs", time.toSeconds())
                .param("sid", login.sid())
                .update();
    }

    @Test
    void aBrowserIsRecognisedAndSaysWhenAndHowThePersonProvedWhoTheyAre() {
        LoginSession login = newLogin();
        Use use = present(remember(login));
        assertThat(use.presentation()).isInstanceOfSatisfying(Recognised.class, recognised -> {
            assertThat(recognised.browser().sid()).isEqualTo(login.sid());
            assertThat(recognised.browser().accountId()).isEqualTo(login.accountId());
            assertThat(recognised.browser().generation()).isEqualTo(7);
            assertThat(recognised.browser().authTime()).isEqualTo(PROOF);
            assertThat(recognised.browser().amr()).containsExactly("pwd", "otp", "mfa");
            assertThat(recognised.browser().device()).isEqualTo(new Device("Firefox", "Linux"));
        });
    }

    @Test
    void eachUseChangesTheCookieAndTheNewOneIsGood() {
        Set<String> cookies = new HashSet<>();
        String cookie = remember(newLogin());
        for (int i = 0; i < 5; i++) {
            cookies.add(cookie);
            cookie = used(cookie);
        }
        assertThat(cookies).hasSize(5).doesNotContain(cookie);
        assertThat(present(cookie).presentation()).isInstanceOf(Recognised.class);
    }

    @Test
    void ofAHundredUsesAtOnceOneRotatesAndAllAreToldTheSame() throws Exception {
        LoginSession login = newLogin();
        String cookie = remember(login);
        List<Use> uses = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(25)) {
            List<Callable<Use>> tasks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tasks.add(() -> present(cookie));
            }
            for (var use : threads.invokeAll(tasks)) {
                uses.add(use.get());
            }
        }
        assertThat(uses).allMatch(use -> use.presentation() instanceof Recognised);
        assertThat(uses.stream().map(Use::cookie).distinct().toList()).hasSize(1);
        String successor = Objects.requireNonNull(uses.getFirst().cookie());
        assertThat(used(successor)).isNotEqualTo(successor);
    }

    @Test
    void whoDidNotGetTheAnswerMayAskAgainForAMoment() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        String successor = used(cookie);
        pass(login, Duration.ofSeconds(25));
        assertThat(present(cookie)).satisfies(use -> {
            assertThat(use.presentation()).isInstanceOf(Recognised.class);
            assertThat(use.cookie()).isEqualTo(successor);
        });
    }

    @Test
    void theOneBeforeIsTheftAfterThatMoment() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        used(cookie);
        pass(login, Duration.ofSeconds(31));
        assertThat(present(cookie)).satisfies(use -> {
            assertThat(use.presentation()).isInstanceOf(Stolen.class);
            assertThat(use.cookie()).isEmpty();
        });
        assertThat(present(cookie).presentation())
                .as("until the login is ended")
                .isInstanceOf(Stolen.class);
    }

    @Test
    void anOlderOneIsTheftAtOnce() {
        String cookie = remember(newLogin());
        used(used(cookie));
        assertThat(present(cookie).presentation()).isInstanceOf(Stolen.class);
    }

    @Test
    void ofTheOwnerAndAThiefWhoCameAtTheSameMomentOneIsSeenLater() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        String owners = used(cookie);
        String thiefs = used(cookie);
        assertThat(thiefs).isEqualTo(owners);
        used(thiefs);
        pass(login, Duration.ofSeconds(31));
        assertThat(present(owners).presentation()).isInstanceOf(Stolen.class);
    }

    @Test
    void aForgedOneIsUnknownAndEndsNothing() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        byte[] bytes = Base64.getUrlDecoder().decode(cookie);
        for (int i = 0; i < bytes.length; i++) {
            byte[] forged = bytes.clone();
            forged[i] ^= 1;
            String value = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
            assertThat(present(value).presentation()).as("byte %d", i).isInstanceOf(Unknown.class);
        }
        for (String garbage : List.of("", "x", cookie + "A", cookie.substring(1), "=".repeat(86), "A".repeat(9000))) {
            assertThat(present(garbage)).isEqualTo(new Use(new Unknown(), ""));
        }
        assertThat(present(cookie).presentation()).isInstanceOf(Recognised.class);
    }

    @Test
    void oneWithoutACookieIsUnknownAndGetsNone() {
        assertThat(present()).isEqualTo(new Use(new Unknown(), null));
    }

    @Test
    void aBrowserThatStaysAwayForTooLongIsForgotten() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        pass(login, Duration.ofDays(13));
        String successor = used(cookie);
        pass(login, Duration.ofDays(14));
        assertThat(present(successor).presentation()).isInstanceOf(Unknown.class);
        assertThat(fixture.remembered.isKept(login.sid())).isFalse();
        assertThat(fixture.remembered.of(login.accountId())).isEmpty();
    }

    @Test
    void aBrowserIsForgottenInTheEndHoweverMuchItIsUsed() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        for (int i = 0; i < 2; i++) {
            pass(login, Duration.ofDays(10));
            cookie = used(cookie);
        }
        pass(login, Duration.ofDays(10));
        assertThat(present(cookie).presentation()).isInstanceOf(Unknown.class);
    }

    @Test
    void aForgottenOneIsUnknown() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        assertThat(fixture.remembered.forget(login.sid())).isTrue();
        assertThat(fixture.remembered.forget(login.sid())).isFalse();
        assertThat(present(cookie)).isEqualTo(new Use(new Unknown(), ""));
    }

    @Test
    void aProofAnewReplacesTheSecretButNotForARequestThatIsUnderWay() {
        LoginSession login = newLogin();
        String before = remember(login);
        String after = remember(login, before);
        Use underWay = present(before);
        assertThat(underWay.presentation()).isInstanceOf(Recognised.class);
        assertThat(underWay.cookie()).as("the new one stays").isNull();
        pass(login, Duration.ofSeconds(31));
        assertThat(present(before).presentation()).isInstanceOf(Stolen.class);
        assertThat(present(after).presentation()).isInstanceOf(Recognised.class);
    }

    @Test
    void anotherLoginInTheBrowserTakesThePlaceOfTheFirst() {
        LoginSession first = newLogin();
        LoginSession second = newLogin();
        String cookie = remember(first);
        remember(second, cookie);
        assertThat(fixture.remembered.isKept(first.sid())).isFalse();
        assertThat(fixture.remembered.isKept(second.sid())).isTrue();
    }

    @Test
    void theDatabaseHoldsNoSecret() {
        String cookie = remember(newLogin());
        byte[] secret = new byte[32];
        System.arraycopy(Base64.getUrlDecoder().decode(cookie), 16, secret, 0, 32);
        assertThat(fixture.database
                        .sql("select count(*) from remembered_browsers where :secret in (secret, previous)")
                        .param("secret", secret)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void theCookieIsOutOfReachOfScriptsOtherSitesAndOtherHosts() {
        assertThat(setCookie(new Issuer("https://id.example"), Duration.ofDays(30)))
                .startsWith("__Host-gatehouse-remembered=")
                .contains("; Path=/;", "; Max-Age=2592000;", "; Secure", "; HttpOnly", "; SameSite=Lax")
                .doesNotContain("Domain");
        assertThat(setCookie(new Issuer("http://localhost:9000"), Duration.ofDays(1)))
                .startsWith("gatehouse-remembered=")
                .contains("; HttpOnly", "; SameSite=Lax")
                .doesNotContain("Secure");
    }

    @Test
    void whereItIsNotOfferedACookieFromBeforeIsNotLookedAt() {
        LoginSession login = newLogin();
        String cookie = remember(login);
        JdbcRememberedBrowsers off = browsers(SessionFixture.ISSUER, Duration.ZERO);
        assertThat(off.areOffered()).isFalse();
        assertThat(off.present(request(cookie), new MockHttpServletResponse())).isInstanceOf(Unknown.class);
        assertThat(off.of(login.accountId())).isEmpty();
    }

    private static String setCookie(Issuer issuer, Duration lifetime) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        browsers(issuer, lifetime).remember(request(), response, newLogin(), 0);
        return Objects.requireNonNull(response.getHeader("Set-Cookie"));
    }

    private static JdbcRememberedBrowsers browsers(Issuer issuer, Duration lifetime) {
        return new JdbcRememberedBrowsers(
                new RememberedTable(fixture.database, lifetime, Duration.ofDays(14), JdbcRememberedBrowsers.GRACE),
                SessionFixture.serverSecret(),
                issuer,
                lifetime,
                _ -> "192.0.2.7",
                InstantSource.system(),
                new SecureRandom());
    }
}
