package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Account;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Somebody leaves the house: an operator's one call ends all that they have, and lets them in no more. */
@GatehouseTest
class DisabledPersonIT {
    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private TestPeople people;

    private Answer order(String sub, String what) {
        return ClientSide.operator(issuer).post("/admin/api/people/" + sub + "/" + what, "");
    }

    @Test
    void whoIsDisabledLosesEverythingAtOnceAndComesBackOnlyByANewLogin() {
        Account person = people.create();
        Browser browser = new Browser(issuer);
        Answer tokens = people.tokens(browser, person);
        ClientSide web = ClientSide.of(issuer, "web", "web-secret");
        ClientSide bearer = ClientSide.bearer(issuer, tokens.text("access_token"));
        assertThat(bearer.get("/userinfo").status()).isEqualTo(200);

        Answer disabled = order(person.id(), "disable");

        assertThat(disabled.status()).isEqualTo(200);
        assertThat(disabled.header("Revocation-Position"))
                .isEqualTo(disabled.text("position"))
                .isNotEmpty();
        assertThat(order(person.id(), "disable").status()).as("again").isEqualTo(200);
        assertThat(bearer.get("/userinfo").status()).isEqualTo(401);
        assertThat(web.token("grant_type", "refresh_token", "refresh_token", tokens.text("refresh_token"))
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(browser.get("/account").status()).isEqualTo(303);
        assertThat(browser.logIn(browser.open("/login"), person.username(), TestPeople.PASSWORD)
                        .status())
                .isEqualTo(401);

        assertThat(order(person.id(), "enable").status()).isEqualTo(204);

        assertThat(browser.get("/account").status()).isEqualTo(303);
        assertThat(bearer.get("/userinfo").status()).isEqualTo(401);
        assertThat(ClientSide.bearer(issuer, people.tokens(browser, person).text("access_token"))
                        .get("/userinfo")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void onlyAnAdministratorOrdersThatAndOnlyOfSomebodyWhoIsThere() {
        Account person = people.create();
        for (String what : new String[] {"disable", "enable"}) {
            String path = "/admin/api/people/" + person.id() + "/" + what;
            assertThat(ClientSide.unauthenticated(issuer).post(path, "").status())
                    .isEqualTo(401);
            assertThat(order("00000000-0000-0000-0000-000000000000", what)).satisfies(answer -> {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            });
        }
        assertThat(people.tokens(new Browser(issuer), person).status()).isEqualTo(200);
    }
}
