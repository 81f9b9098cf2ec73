package dev.gatehouse.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class JdbcApisTest {
    private static final Issuer ISSUER = new Issuer("https://id.example");

    private static final Api ITSELF = new Api("https://id.example", Scopes.of("gatehouse.admin"), null);

    private static final Api INVENTORY =
            new Api("https://inventory.example", Scopes.of("stock:write", "stock:read"), null);

    private final JdbcClient jdbc = TestDatabase.create();

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    private final JdbcApis apis = new JdbcApis(jdbc, ISSUER, () -> now);

    @Test
    void anApiComesBackAsItWasSaved() {
        apis.save(INVENTORY);

        assertThat(apis.find("https://inventory.example")).contains(INVENTORY);
        assertThat(apis.all()).containsExactly(ITSELF, INVENTORY);
    }

    @Test
    void savingAgainReplacesTheScopesAndAnotherIssuerSeesItAfterTwoSeconds() {
        JdbcApis anotherIssuer = new JdbcApis(jdbc, ISSUER, () -> now);
        apis.save(INVENTORY);
        assertThat(anotherIssuer.find(INVENTORY.audience())).contains(INVENTORY);
        Api narrowed = new Api(INVENTORY.audience(), Scopes.of("stock:read"), null);

        apis.save(narrowed);
        now = now.plusSeconds(2);

        assertThat(apis.find(INVENTORY.audience())).contains(narrowed);
        assertThat(anotherIssuer.find(INVENTORY.audience())).contains(narrowed);
    }

    @Test
    void theIssuerIsAnAudienceWithoutScopesAndNobodyCanGiveItAny() {
        assertThat(apis.find("https://id.example")).contains(ITSELF);
        assertThatThrownBy(() -> apis.save(new Api("https://id.example", Scopes.of("admin"), null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(apis.find("https://id.example")).contains(ITSELF);
    }

    @Test
    void anAudienceThatIsNotRegisteredIsUnknownInWhateverFormItComes() {
        apis.save(INVENTORY);

        assertThat(apis.find("https://inventory.example/")).isEmpty();
        assertThat(apis.find("")).isEmpty();
        assertThat(apis.find("https://inventory.example\0")).isEmpty();
        assertThat(apis.find("https://" + "x".repeat(100_000))).isEmpty();
    }

    @Test
    void aClientMayReachItsDefaultAudience() {
        Api orders = new Api("https://orders.example", Scopes.of("orders:read"), null);

        assertThat(apis.allowed(TestClients.confidential(), orders)).isTrue();
    }

    @Test
    void aClientMayReachAnApiThatTakesAScopeOfIts() {
        assertThat(apis.allowed(TestClients.confidential(), INVENTORY)).isTrue();
    }

    @Test
    void aClientMayNotReachAnApiThatTakesNoScopeOfIts() {
        Api payroll = new Api("https://payroll.example", Scopes.of("salaries:read"), null);

        assertThat(apis.allowed(TestClients.confidential(), payroll)).isFalse();
        assertThat(apis.allowed(TestClients.confidential(), new Api("https://empty.example", Scopes.none(), null)))
                .isFalse();
    }

    @Test
    void aConfidentialClientMayReachTheIssuerItselfAndAPublicOneMayNot() {
        assertThat(apis.allowed(TestClients.confidential(), ITSELF)).isTrue();
        assertThat(apis.allowed(TestClients.inPublic(), ITSELF)).isFalse();
    }
}
