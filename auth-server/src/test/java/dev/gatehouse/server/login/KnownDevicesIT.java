package dev.gatehouse.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.revocation.SignOuts;
import jakarta.servlet.http.Cookie;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Device cookies: forged, borrowed, old, and what makes them void. */
@GatehouseTest
class KnownDevicesIT {
    private static final String NAME = "gatehouse-device";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private KnownDevices devices;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private SignOuts signOuts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private ServerSecret serverSecret;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LoginProperties properties;

    private Account newPerson() {
        String id = UUID.randomUUID().toString();
        Account account = new Account(id, "d-" + id.substring(0, 13), null, false, List.of("user"), Map.of(), true);
        accounts.save(account);
        return account;
    }

    /** What the browser is given at a login. */
    private static MockHttpServletResponse remembered(KnownDevices devices, Account account, String before) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        devices.remember(request(before), response, account);
        return response;
    }

    private String remembered(Account account, String before) {
        return value(remembered(devices, account, before));
    }

    private static String value(MockHttpServletResponse response) {
        return String.valueOf(response.getHeader("Set-Cookie")).replaceAll("^[^=]+=([^;]*);.*", "$1");
    }

    private static MockHttpServletRequest request(String cookie) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        if (!cookie.isEmpty()) {
            request.setCookies(new Cookie(NAME, cookie));
        }
        return request;
    }

    private Optional<String> find(String cookie, String username) {
        return devices.find(request(cookie), username);
    }

    @Test
    void aDeviceIsKnownToWhoeverHasLoggedInOnItUnderEachSpellingOfTheirName() {
        Account person = newPerson();
        String cookie = remembered(person, "");

        assertThat(find(cookie, person.username())).isPresent();
        assertThat(find(cookie, person.username().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(find(cookie, person.username()));
    }

    @Test
    void theCookieOfOneAccountIsNoneForAnother() {
        String cookie = remembered(newPerson(), "");

        assertThat(find(cookie, newPerson().username())).isEmpty();
        assertThat(find(cookie, "nobody-knows")).isEmpty();
    }

    @Test
    void aChangedCookieIsNone() {
        Account person = newPerson();
        String cookie = remembered(person, "");
        for (int i = 0; i < cookie.length(); i++) {
            char other = cookie.charAt(i) == 'A' ? 'Q' : 'A';
            String forged = cookie.substring(0, i) + other + cookie.substring(i + 1);
            assertThat(find(forged, person.username())).isEmpty();
        }
        for (String nonsense :
                List.of("", ".", "....", "x".repeat(300), "x".repeat(5000), cookie + "A", "A".repeat(54))) {
            assertThat(find(nonsense, person.username())).isEmpty();
        }
    }

    @Test
    void aCookieOfAnotherInstallationIsNone() {
        Account person = newPerson();
        ServerSecret other = new ServerSecret() {
            @Override
            public javax.crypto.SecretKey aesKey(String purpose) {
                return serverSecret.aesKey(purpose + " elsewhere");
            }

            @Override
            public javax.crypto.SecretKey macKey(String purpose) {
                return serverSecret.macKey(purpose + " elsewhere");
            }
        };

        assertThat(find(
                        value(remembered(made(other, "http://localhost", Clock.systemUTC()), person, "")),
                        person.username()))
                .isEmpty();
    }

    private KnownDevices made(ServerSecret secret, String issuer, InstantSource clock) {
        return new KnownDevices(accounts, secret, new Issuer(issuer), properties, clock, new SecureRandom());
    }

    @Test
    void itIsKnownForHalfAYearAndNoLonger() {
        Account person = newPerson();
        String cookie = remembered(person, "");
        Duration kept = properties.device().remembered();
        KnownDevices before =
                made(serverSecret, "http://localhost", Clock.offset(Clock.systemUTC(), kept.minusHours(2)));
        KnownDevices after = made(serverSecret, "http://localhost", Clock.offset(Clock.systemUTC(), kept));

        assertThat(before.find(request(cookie), person.username())).isPresent();
        assertThat(after.find(request(cookie), person.username())).isEmpty();
    }

    @Test
    void aNewPasswordMakesItVoid() {
        Account person = newPerson();
        accounts.setPassword(person.id(), new Secret("only-in-this-test-1First"));
        String cookie = remembered(person, "");
        assertThat(find(cookie, person.username())).isPresent();

        accounts.setPassword(person.id(), new Secret("only-in-this-test-2Second"));

        assertThat(find(cookie, person.username())).isEmpty();
    }

    @Test
    void endingAllLoginsMakesItVoidAndTheNextLoginMakesItGoodAgain() {
        Account person = newPerson();
        String cookie = remembered(person, "");

        signOuts.everywhere(person.id(), "test");

        assertThat(find(cookie, person.username())).isEmpty();
        assertThat(find(remembered(person, cookie), person.username())).isPresent();
    }

    @Test
    void aDeviceKeepsItsIdAndTwoAccountsOnItShareNone() {
        Account one = newPerson();
        Account two = newPerson();
        String first = remembered(one, "");
        String both = remembered(two, first);

        assertThat(find(remembered(one, both), one.username())).isEqualTo(find(first, one.username()));
        assertThat(find(both, two.username())).isPresent().isNotEqualTo(find(both, one.username()));
        assertThat(find(remembered(one, ""), one.username())).isNotEqualTo(find(first, one.username()));
    }

    @Test
    void oneBrowserKnowsTheLastFive() {
        List<Account> people = new ArrayList<>();
        String cookie = "";
        for (int i = 0; i < 7; i++) {
            people.add(newPerson());
            cookie = remembered(people.getLast(), cookie);
        }
        String last = cookie;

        assertThat(last).hasSizeLessThan(300);
        assertThat(people)
                .filteredOn(person -> find(last, person.username()).isPresent())
                .hasSize(5)
                .doesNotContain(people.getFirst());
    }

    @Test
    void scriptsOtherSitesAndPlainHttpDoNotGetIt() {
        Account person = newPerson();

        assertThat(remembered(made(serverSecret, "https://id.example", Clock.systemUTC()), person, "")
                        .getHeader("Set-Cookie"))
                .startsWith("__Host-gatehouse-device=")
                .contains("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age=15552000;")
                .doesNotContain("Domain");
    }

    @Test
    void itSaysNothingAboutTheAccount() {
        Account person = newPerson();
        String cookie = remembered(person, "");
        String text = new String(
                java.util.Base64.getUrlDecoder().decode(cookie), java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThat(text).doesNotContain(person.username(), person.id());
    }
}
