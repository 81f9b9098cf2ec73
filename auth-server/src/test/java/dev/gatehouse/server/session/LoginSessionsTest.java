package dev.gatehouse.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.session.Interaction.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.Authentication;

@TestInstance(Lifecycle.PER_CLASS)
class LoginSessionsTest {
    final SessionFixture fixture = new SessionFixture(standsBy());

    boolean standsBy() {
        return false;
    }

    @AfterAll
    void stop() {
        fixture.close();
    }

    private Optional<LoginSession> current(TestBrowser browser) {
        return browser.request(request -> fixture.logins.current(request));
    }

    private Optional<Interaction> find(TestBrowser browser, String id) {
        return browser.request(request -> fixture.interactions.find(request, id));
    }

    private boolean hasSession(TestBrowser browser) {
        return browser.request(request -> request.getSession(false) != null);
    }

    @Test
    void aLoginIsSeenByTheNextRequestOfTheSameBrowserOnly() {
        TestBrowser browser = fixture.browser();
        LoginSession login = fixture.login(browser, "person");
        assertThat(current(browser)).contains(login);
        assertThat(current(fixture.browser())).isEmpty();
        assertThat(login.authTime()).isEqualTo(fixture.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        assertThat(fixture.logins.isAlive(login.sid())).isTrue();
    }

    @Test
    void aSessionIdThatAnAttackerPlantedIsWorthlessAfterTheLogin() {
        TestBrowser attacker = fixture.browser();
        attacker.request(request -> request.getSession());
        TestBrowser victim = fixture.browser();
        victim.cookies.addAll(attacker.cookies);
        LoginSession login = fixture.login(victim, "victim");
        assertThat(victim.cookie()).isNotEqualTo(attacker.cookie());
        assertThat(current(victim)).contains(login);
        assertThat(current(attacker)).isEmpty();
        assertThat(hasSession(attacker)).isFalse();
    }

    @Test
    void theCookieChangesWhenTheSamePersonLogsInAgainAndTheSidStays() {
        TestBrowser browser = fixture.browser();
        LoginSession first = fixture.login(browser, "person");
        String cookie = browser.cookie();
        fixture.pass(Duration.ofSeconds(5));
        LoginSession second = fixture.login(browser, "person");
        assertThat(second.sid()).isEqualTo(first.sid());
        assertThat(second.authTime()).isEqualTo(first.authTime().plusSeconds(5));
        assertThat(browser.cookie()).isNotEqualTo(cookie);
        assertThat(grantsEndedWith(second.sid())).isEmpty();
        assertThat(current(browser)).isEmpty();
    }

    @Test
    void anotherPersonGetsAnotherSidAndNoneOfTheFirstOnesConsents() {
        TestBrowser browser = fixture.browser();
        LoginSession first = fixture.login(browser, "first");
        Interaction interaction = new Interaction(
                "i",
                "spa",
                Scopes.of("openid"),
                Map.of(),
                Instant.EPOCH,
                false,
                "",
                Set.of(Mark.CONSENT_ALLOWED, Mark.ACCOUNT_SELECTED));
        browser.request(request -> {
            fixture.interactions.begin(request, interaction);
            return null;
        });
        LoginSession second = fixture.login(browser, "second");
        assertThat(second.sid()).isNotEqualTo(first.sid());
        assertThat(find(browser, "i"))
                .hasValueSatisfying(i -> assertThat(i.marks()).containsExactly(Mark.ACCOUNT_SELECTED));
    }

    @Test
    void anEndedSessionIsLoggedOutEverywhereTakesNoGrantsAndNamesThoseItHadAgain() {
        TestBrowser browser = fixture.browser();
        LoginSession login = fixture.login(browser, "person");
        assertThat(fixture.logins.attachGrant(login.sid(), "g1", "web")).isTrue();
        assertThat(fixture.logins.attachGrant(login.sid(), "g2", "web")).isTrue();
        assertThat(grantsEndedWith(login.sid())).containsExactlyInAnyOrder("g1", "g2");
        assertThat(fixture.logins.isAlive(login.sid())).isFalse();
        assertThat(current(browser)).isEmpty();
        assertThat(fixture.logins.attachGrant(login.sid(), "g3", "web")).isFalse();
        assertThat(grantsEndedWith(login.sid())).containsExactlyInAnyOrder("g1", "g2");
    }

    @Test
    void anEndedSessionNamesEveryClientThatEverGotATokenInIt() {
        LoginSession login = fixture.login(fixture.browser(), "person");
        fixture.logins.attachGrant(login.sid(), "g1", "web");
        for (int i = 0; i < 60; i++) {
            fixture.pass(Duration.ofMinutes(1));
            fixture.logins.attachToken(
                    login.sid(), "j" + i, "spa", fixture.now().plusSeconds(1));
        }
        assertThat(fixture.logins.end(login.sid())).hasValueSatisfying(ended -> {
            assertThat(ended.accountId()).isEqualTo("person");
            assertThat(ended.clients()).containsExactlyInAnyOrder("web", "spa");
        });
    }

    @Test
    void aBrowserWhoseSessionOutlivedItsLoginIsLoggedOut() {
        TestBrowser browser = fixture.browser();
        LoginSession login = fixture.login(browser, "person");
        fixture.forget(login.sid());
        assertThat(current(browser)).isEmpty();
        LoginSession again = fixture.login(browser, "person");
        assertThat(again.sid()).isNotEqualTo(login.sid());
    }

    @Test
    void logInsOfOnePersonInTwoBrowsersEndApart() {
        TestBrowser laptop = fixture.browser();
        TestBrowser phone = fixture.browser();
        LoginSession one = fixture.login(laptop, "person");
        LoginSession two = fixture.login(phone, "person");
        assertThat(one.sid()).isNotEqualTo(two.sid());
        fixture.logins.end(one.sid());
        assertThat(current(laptop)).isEmpty();
        assertThat(current(phone)).contains(two);
    }

    @Test
    void aLoginExpiresWhenItRestsAndItsGrantsAreStillNamed() {
        TestBrowser browser = fixture.browser();
        LoginSession login = fixture.login(browser, "person");
        fixture.logins.attachGrant(login.sid(), "g1", "web");
        fixture.pass(Duration.ofMinutes(119));
        assertThat(current(browser)).isPresent();
        fixture.pass(Duration.ofMinutes(119));
        assertThat(current(browser)).isPresent();
        fixture.pass(Duration.ofHours(2));
        assertThat(fixture.logins.isAlive(login.sid())).isFalse();
        assertThat(current(browser)).isEmpty();
        assertThat(fixture.logins.attachGrant(login.sid(), "g2", "web")).isFalse();
        assertThat(grantsEndedWith(login.sid())).containsExactly("g1");
    }

    @Test
    void aLoginDoesNotOutliveItsAbsoluteTimeHoweverBusyItIs() {
        TestBrowser browser = fixture.browser();
        fixture.login(browser, "person");
        for (int hour = 1; hour < 12; hour++) {
            fixture.pass(Duration.ofHours(1));
            assertThat(current(browser)).isPresent();
        }
        fixture.pass(Duration.ofHours(1));
        assertThat(current(browser)).isEmpty();
    }

    @Test
    void unknownSidsAreDeadAndEndQuietly() {
        assertThat(fixture.logins.isAlive("nobody")).isFalse();
        assertThat(fixture.logins.attachGrant("nobody", "g", "web")).isFalse();
        assertThat(grantsEndedWith("nobody")).isEmpty();
        assertThat(fixture.dump()).doesNotContain("nobody");
    }

    @Test
    void ofAnEndAndManyAttachmentsNoGrantEscapes() throws InterruptedException, ExecutionException {
        for (int round = 0; round < 20; round++) {
            LoginSession login = fixture.login(fixture.browser(), "person");
            Set<String> attached = new HashSet<>();
            Set<String> ended;
            try (var threads = Executors.newFixedThreadPool(8)) {
                List<Callable<Optional<String>>> attachments = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    String grant = "g" + i;
                    attachments.add(() -> fixture.logins.attachGrant(login.sid(), grant, "web")
                            ? Optional.of(grant)
                            : Optional.empty());
                }
                var end = threads.submit(() -> grantsEndedWith(login.sid()));
                for (var attachment : threads.invokeAll(attachments)) {
                    attachment.get().ifPresent(attached::add);
                }
                ended = end.get();
            }
            assertThat(ended).isEqualTo(attached);
        }
    }

    @Test
    void noSessionIdIsStored() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> request.getSession());
        fixture.login(browser, "person");
        assertThat(fixture.dump()).doesNotContain(browser.cookies.toArray(new String[0]));
    }

    @Test
    void springSecuritySeesTheLogin() {
        TestBrowser browser = fixture.browser();
        LoginSession login = fixture.login(browser, "person");
        LoginSecurityContexts contexts = new LoginSecurityContexts(fixture.logins);
        Authentication authentication = browser.request(
                request -> contexts.loadDeferredContext(request).get().getAuthentication());
        assertThat(authentication)
                .isNotNull()
                .returns(login, Authentication::getPrincipal)
                .returns("person", Authentication::getName)
                .returns(true, Authentication::isAuthenticated);
        fixture.logins.end(login.sid());
        boolean seen = browser.request(contexts::containsContext);
        assertThat(seen).isFalse();
        assertThat(contexts.loadDeferredContext(new MockHttpServletRequest())
                        .get()
                        .getAuthentication())
                .isNull();
    }

    /** A login in a browser that is remembered, which has expired since. */
    private LoginSession rememberedAndExpired() {
        LoginSession login = fixture.login(fixture.browser(), fixture.account());
        fixture.remembered.remember(new MockHttpServletRequest(), new MockHttpServletResponse(), login, 0);
        fixture.pass(Duration.ofHours(3));
        return login;
    }

    private RememberedBrowser browserOf(LoginSession login) {
        return fixture.remembered.of(login.accountId()).getFirst();
    }

    private Optional<LoginSession> carryOn(TestBrowser browser, RememberedBrowser remembered) {
        return browser.request(request -> fixture.logins.carryOn(request, remembered, "somebody"));
    }

    @Test
    void aRememberedBrowserCarriesTheLoginOnWithTheProofAsOldAsItIs() {
        LoginSession login = rememberedAndExpired();
        TestBrowser browser = fixture.browser();
        assertThat(fixture.logins.isAlive(login.sid())).isFalse();
        assertThat(carryOn(browser, browserOf(login)))
                .contains(new LoginSession(
                        login.sid(), login.accountId(), "somebody", login.authTime(), List.of("pwd"), "0"));
        assertThat(current(browser))
                .hasValueSatisfying(now -> assertThat(now.isRemembered()).isTrue());
        fixture.pass(Duration.ofHours(3));
        assertThat(current(browser)).as("its limits are those of any login").isEmpty();
    }

    @Test
    void aSessionIdThatAnAttackerPlantedIsWorthlessAfterALoginWasCarriedOn() {
        TestBrowser attacker = fixture.browser();
        attacker.request(request -> request.getSession());
        TestBrowser victim = fixture.browser();
        victim.cookies.addAll(attacker.cookies);
        assertThat(carryOn(victim, browserOf(rememberedAndExpired()))).isPresent();
        assertThat(victim.cookie()).isNotEqualTo(attacker.cookie());
        assertThat(current(attacker)).isEmpty();
    }

    @Test
    void aLoginThatTheStoreHasForgottenIsStillListedAndCarriedOnAndCanBeEnded() {
        LoginSession login = rememberedAndExpired();
        RememberedBrowser remembered = browserOf(login);
        fixture.forget();
        assertThat(fixture.logins.of(login.accountId())).singleElement().satisfies(summary -> {
            assertThat(summary.sid()).isEqualTo(login.sid());
            assertThat(summary.alive()).isFalse();
            assertThat(summary.rememberedUntil()).isEqualTo(remembered.expiresAt());
        });
        TestBrowser browser = fixture.browser();
        assertThat(carryOn(browser, remembered)).isPresent();
        fixture.forget();
        fixture.logins.end(login.sid());
        assertThat(fixture.logins.of(login.accountId())).isEmpty();
        assertThat(carryOn(browser, remembered)).isEmpty();
        assertThat(fixture.logins.isAlive(login.sid())).isFalse();
    }

    @Test
    void anEndedLoginIsNotCarriedOn() {
        LoginSession login = rememberedAndExpired();
        RememberedBrowser remembered = browserOf(login);
        fixture.logins.end(login.sid());
        assertThat(fixture.remembered.of(login.accountId())).isEmpty();
        assertThat(carryOn(fixture.browser(), remembered)).isEmpty();
    }

    @Test
    void ofAnEndAndManyWhoCarryTheLoginOnNobodyEscapes() throws InterruptedException, ExecutionException {
        for (int round = 0; round < 20; round++) {
            LoginSession login = rememberedAndExpired();
            RememberedBrowser remembered = browserOf(login);
            if (round % 2 == 0) {
                fixture.forget(login.sid());
            }
            List<TestBrowser> browsers =
                    Stream.generate(fixture::browser).limit(8).toList();
            try (var threads = Executors.newFixedThreadPool(9)) {
                List<Callable<Object>> tasks = new ArrayList<>();
                browsers.forEach(browser -> tasks.add(() -> carryOn(browser, remembered)));
                tasks.add(4, () -> fixture.logins.end(login.sid()));
                for (var task : threads.invokeAll(tasks)) {
                    task.get();
                }
            }
            assertThat(fixture.logins.isAlive(login.sid())).isFalse();
            assertThat(browsers).allMatch(browser -> current(browser).isEmpty());
        }
    }

    private Set<String> grantsEndedWith(String sid) {
        return fixture.logins.end(sid).map(EndedSession::grants).orElse(Set.of());
    }
}
