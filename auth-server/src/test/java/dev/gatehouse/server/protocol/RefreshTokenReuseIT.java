package dev.gatehouse.server.protocol;

import static dev.gatehouse.server.protocol.ClientSide.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.login.AccountLetters;
import dev.gatehouse.server.revocation.Revocations;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.token.RefreshTokens;
import dev.gatehouse.server.token.RefreshTokens.Presented;
import dev.gatehouse.server.token.TokenProperties;
import dev.gatehouse.server.token.TokenProperties.ReuseEnds;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** A refresh token that comes back after it was used: the person is logged out everywhere, and nobody else can bring that about. */
@GatehouseTest
@Timeout(60)
class RefreshTokenReuseIT {
    private static final String LETTER = "Sie wurden überall abgemeldet";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private TestPeople people;

    private ClientSide web = ClientSide.unauthenticated("");

    @BeforeEach
    void client() {
        web = ClientSide.of(issuer, "web", "web-secret");
    }

    private Answer refresh(ClientSide client, String token) {
        return client.token("grant_type", "refresh_token", "refresh_token", token);
    }

    /** A token whose successor's successor is out: no honest retry shows it any more. */
    private String outdated(Answer login) {
        String first = login.text("refresh_token");
        refresh(web, refresh(web, first).text("refresh_token"));
        return first;
    }

    private boolean isActive(String token) {
        return Boolean.TRUE.equals(ClientSide.of(issuer, "orders", "orders-secret")
                .introspect(token)
                .json()
                .get("active"));
    }

    @Test
    void aTokenThatComesBackLogsThePersonOutEverywhereAndTheyAreToldOnce() throws Exception {
        Account person = people.create();
        Browser laptop = new Browser(issuer);
        Browser phone = new Browser(issuer);
        String stolen = outdated(people.tokens(laptop, person));
        Answer onThePhone = people.tokens(phone, person);

        assertThat(together(20, () -> refresh(web, stolen)))
                .allMatch(answer -> answer.error().equals("invalid_grant"));

        assertThat(laptop.get("/account").status()).isEqualTo(303);
        assertThat(phone.get("/account").status()).isEqualTo(303);
        assertThat(isActive(onThePhone.text("access_token"))).isFalse();
        assertThat(refresh(web, onThePhone.text("refresh_token")).error()).isEqualTo("invalid_grant");
        people.awaitLetter(person, LETTER);
        assertThat(people.subjectsOfLettersTo(person)).containsOnlyOnce(LETTER);
        assertThat(isActive(people.tokens(phone, person).text("access_token")))
                .as("after a new login")
                .isTrue();
    }

    @Test
    void aForgedTokenAndAnotherClientsEndNothing() {
        Account person = people.create();
        Browser browser = new Browser(issuer);
        Answer login = people.tokens(browser, person);
        String stolen = outdated(login);
        char last = stolen.charAt(stolen.length() - 5);
        String forged = stolen.substring(0, stolen.length() - 5)
                + (last == 'A' ? 'B' : 'A')
                + stolen.substring(stolen.length() - 4);

        assertThat(refresh(web, forged).error()).isEqualTo("invalid_grant");
        assertThat(refresh(ClientSide.of(issuer, "orders", "orders-secret"), stolen)
                        .status())
                .isEqualTo(400);

        assertThat(browser.get("/account").status()).isEqualTo(200);
        assertThat(isActive(login.text("access_token"))).isTrue();
    }

    @Test
    void whereTheSettingSaysSoOnlyTheFamilyEnds(
            @Autowired SignOuts signOuts,
            @Autowired Revocations revocations,
            @Autowired Accounts accounts,
            @Autowired AccountLetters letters,
            @Autowired RefreshTokens refreshTokens) {
        Account person = people.create();
        Browser browser = new Browser(issuer);
        Answer login = people.tokens(browser, person);
        TokenProperties properties = new TokenProperties(
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                Duration.ofDays(14),
                Duration.ofDays(90),
                Duration.ofSeconds(10),
                ReuseEnds.FAMILY);
        Presented presented = refreshTokens.find(login.text("refresh_token")).orElseThrow();

        new RefreshTokenReuse(signOuts, revocations, accounts, letters, properties).endAllOf(presented.grant());

        assertThat(isActive(login.text("access_token"))).isFalse();
        assertThat(browser.get("/account").status()).isEqualTo(200);
    }
}
