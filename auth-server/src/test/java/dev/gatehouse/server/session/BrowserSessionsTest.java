package dev.gatehouse.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.session.Interaction.Mark;
import jakarta.servlet.http.Cookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class BrowserSessionsTest {
    private static final String ID_TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

    private static SessionFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new SessionFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static Interaction interaction(String id) {
        return new Interaction(
                id,
                "web",
                Scopes.of("openid", "orders.read"),
                Map.of("id_token_hint", List.of(ID_TOKEN), "state", List.of("s")),
                fixture.now(),
                true,
                "alice",
                Set.of());
    }

    private static Optional<Interaction> find(TestBrowser browser, String id) {
        return browser.request(request -> fixture.interactions.find(request, id));
    }

    private static boolean hasSession(TestBrowser browser) {
        return browser.request(request -> request.getSession(false) != null);
    }

    @Test
    void aRequestThatAsksForNoSessionLeavesNoTrace() {
        fixture.redis.delete(fixture.keys());
        TestBrowser browser = fixture.browser();
        browser.request(request -> request.getSession(false));
        assertThat(browser.cookies).isEmpty();
        assertThat(fixture.keys()).isEmpty();
    }

    @Test
    void anInteractionComesBackAsItWasAndLiesSealedInRedis() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> {
            fixture.interactions.begin(request, interaction("one"));
            return null;
        });
        assertThat(find(browser, "one")).contains(interaction("one"));
        assertThat(fixture.dump())
                .doesNotContain(ID_TOKEN, "orders.read")
                .doesNotContain(String.valueOf(browser.cookie()));
    }

    @Test
    void twoTabsDoNotOverwriteEachOther() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> {
            fixture.interactions.begin(request, interaction("first"));
            return null;
        });
        browser.request(outer -> {
            outer.getSession().setAttribute("tab", "one");
            return browser.request(inner -> {
                inner.getSession().setAttribute("other-tab", "two");
                fixture.interactions.finish(inner, "first");
                return null;
            });
        });
        browser.request(request -> {
            assertThat(request.getSession().getAttribute("tab")).isEqualTo("one");
            assertThat(request.getSession().getAttribute("other-tab")).isEqualTo("two");
            assertThat(fixture.interactions.find(request, "first")).isEmpty();
            return null;
        });
    }

    @Test
    void anotherTabsInteractionSurvivesALoginThatIsUnderWay() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> {
            fixture.interactions.begin(request, interaction("first"));
            return null;
        });
        browser.request(outer -> {
            LoginSession login = fixture.logins.start(outer, "person", "alice", List.of("pwd"));
            browser.request(inner -> {
                fixture.interactions.begin(inner, interaction("second"));
                return null;
            });
            return login;
        });
        assertThat(find(browser, "second")).isPresent();
    }

    @Test
    void aDeletedSessionIsNotBroughtBackByARequestThatStillHeldIt() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> {
            request.getSession().setAttribute("a", "1");
            return null;
        });
        browser.request(outer -> {
            outer.getSession().setAttribute("a", "2");
            return browser.request(inner -> {
                inner.getSession().invalidate();
                return null;
            });
        });
        TestBrowser thief = fixture.browser();
        thief.cookies.add(browser.cookies.getFirst());
        assertThat(hasSession(thief)).isFalse();
    }

    @Test
    void atMostEightInteractionsAreKeptAndTheOldestGivesWay() {
        TestBrowser browser = fixture.browser();
        for (int i = 0; i < 9; i++) {
            String id = "i" + i;
            fixture.pass(java.time.Duration.ofSeconds(1));
            browser.request(request -> {
                fixture.interactions.begin(request, interaction(id));
                return null;
            });
        }
        browser.request(request -> {
            assertThat(fixture.interactions.find(request, "i0")).isEmpty();
            for (int i = 1; i < 9; i++) {
                assertThat(fixture.interactions.find(request, "i" + i)).isPresent();
            }
            return null;
        });
    }

    @Test
    void aRequestThatIsTooLongIsNotKept() {
        Interaction huge = new Interaction(
                "huge",
                "web",
                Scopes.none(),
                Map.of("state", List.of("x".repeat(17_000))),
                fixture.now(),
                false,
                "",
                Set.of());
        TestBrowser browser = fixture.browser();
        Assertions.assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> browser.request(request -> {
                    fixture.interactions.begin(request, huge);
                    return null;
                }));
    }

    @Test
    void anInteractionIsUnknownToAnotherBrowser() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> {
            fixture.interactions.begin(request, interaction("mine"));
            return null;
        });
        TestBrowser other = fixture.browser();
        other.request(request -> request.getSession());
        Optional<Interaction> stolen = other.request(request -> {
            fixture.interactions.mark(request, "mine", Mark.CONSENT_ALLOWED);
            return fixture.interactions.finish(request, "mine");
        });
        assertThat(stolen).isEmpty();
        assertThat(find(browser, "mine")).contains(interaction("mine"));
    }

    @Test
    void aSessionTakesNothingButItsThreeTypes() {
        TestBrowser browser = fixture.browser();
        for (Object value : List.of(1, List.of("a"), new ArrayList<>(), Optional.empty())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> browser.request(request -> {
                        request.getSession().setAttribute("x", value);
                        return null;
                    }))
                    .withMessageContaining(value.getClass().getName());
        }
    }

    @Test
    void whatANewerIssuerWroteIsAsGoodAsAbsentAndStays() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> {
            request.getSession().setAttribute("known", "1");
            return null;
        });
        String key = RedisSessionStore.key(BrowserSessions.digest(String.valueOf(browser.cookie())));
        List<String> foreign = List.of(
                "{\"v\":2,\"type\":\"text\",\"text\":\"x\"}",
                "{\"v\":1,\"type\":\"java.lang.Runtime\"}",
                "{\"v\":1,\"type\":\"login\"}",
                "{\"v\":1,\"type\":\"interaction\",\"sealed\":\"AAAA\"}",
                "not json",
                "[\"java.util.HashMap\",{}]");
        for (int i = 0; i < foreign.size(); i++) {
            fixture.redis.opsForHash().put(key, "a:foreign" + i, foreign.get(i));
        }
        browser.request(request -> {
            assertThat(java.util.Collections.list(request.getSession().getAttributeNames()))
                    .containsExactly("known");
            request.getSession().setAttribute("known", "2");
            return null;
        });
        assertThat(fixture.redis.opsForHash().entries(key)).containsEntry("a:foreign0", foreign.getFirst());
    }

    @Test
    void garbageAndFloodsOfCookiesDoNotReachRedis() {
        long before = commands();
        MockHttpServletRequest request = new MockHttpServletRequest();
        Cookie[] cookies = new Cookie[60];
        for (int i = 0; i < cookies.length; i++) {
            cookies[i] = new Cookie("gatehouse", i < 50 ? "garbage-" + i : "A".repeat(42) + (char) ('a' + i - 50));
        }
        request.setCookies(cookies);
        fixture.browser().send(request, new MockHttpServletResponse(), r -> r.getSession(false));
        assertThat(commands() - before).isEqualTo(3);
    }

    private static long commands() {
        String calls = String.valueOf(
                fixture.redis.<Object>execute((org.springframework.data.redis.connection.RedisConnection connection) ->
                        connection.serverCommands().info("commandstats").getProperty("cmdstat_hgetall", "calls=0,")));
        return Long.parseLong(calls.replaceAll("calls=(\\d+).*", "$1"));
    }

    @Test
    void theCookieIsHardened() {
        MockHttpServletResponse plain = new MockHttpServletResponse();
        fixture.browser().send(new MockHttpServletRequest(), plain, request -> request.getSession());
        assertThat(plain.getHeader("Set-Cookie"))
                .startsWith("gatehouse=")
                .contains("HttpOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Domain", "Secure");
        MockHttpServletResponse secure = new MockHttpServletResponse();
        new TestBrowser(fixture.sessions, fixture.standby, new Issuer("https://login.example"))
                .send(new MockHttpServletRequest(), secure, request -> request.getSession());
        assertThat(secure.getHeader("Set-Cookie"))
                .startsWith("__Host-gatehouse=")
                .contains("HttpOnly", "SameSite=Lax", "Path=/", "Secure")
                .doesNotContain("Domain");
    }

    @Test
    void everyKeyHasATimeToLive() {
        TestBrowser browser = fixture.browser();
        browser.request(request -> request.getSession());
        LoginSession login = fixture.login(browser, "person");
        fixture.logins.attachGrant(login.sid(), "grant", "web");
        assertThat(fixture.keys())
                .allSatisfy(key -> assertThat(fixture.redis.getExpire(key)).isPositive());
        fixture.logins.end(login.sid());
        assertThat(fixture.keys())
                .allSatisfy(key -> assertThat(fixture.redis.getExpire(key)).isPositive());
    }
}
