package dev.gatehouse.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

class JdbcClientsTest {
    private static final Secret SECRET = new Secret("a-secret-of-256-random-bits");

    private final JdbcClient jdbc = TestDatabase.create();

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    private final JdbcClients clients = new JdbcClients(jdbc, () -> now);

    private final JdbcClients anotherIssuer = new JdbcClients(jdbc, () -> now);

    @Test
    void aClientComesBackAsItWasSaved() {
        clients.save(TestClients.confidential());

        assertThat(anotherIssuer.find("orders")).contains(TestClients.confidential());
    }

    @Test
    void aClientWithoutDefaultAudienceComesBackWithoutOne() {
        clients.save(TestClients.inPublic());
        jdbc.sql("update clients set audience = null").update();

        assertThat(anotherIssuer.find("app").orElseThrow().audience()).isNull();
    }

    @Test
    void savingAgainReplacesTheRegistrationAndKeepsTheSecret() {
        clients.save(TestClients.confidential());
        clients.setSecret("orders", SECRET);
        Client narrowed =
                TestClients.client("orders", AuthenticationMethod.CLIENT_SECRET_POST, Scopes.of("stock:read"));

        clients.save(narrowed);

        assertThat(clients.find("orders")).contains(narrowed);
        assertThat(clients.secretMatches("orders", SECRET)).isTrue();
    }

    @Test
    void onlyTheClientsOwnSecretMatches() {
        clients.save(TestClients.confidential());
        clients.save(TestClients.client("other", AuthenticationMethod.CLIENT_SECRET_BASIC, Scopes.none()));
        clients.setSecret("orders", SECRET);
        clients.setSecret("other", new Secret("another-secret"));

        assertThat(clients.secretMatches("orders", SECRET)).isTrue();
        assertThat(clients.secretMatches("orders", new Secret("another-secret")))
                .isFalse();
        assertThat(clients.secretMatches("orders", new Secret(""))).isFalse();
        assertThat(clients.secretMatches("other", SECRET)).isFalse();
    }

    @Test
    void noSecretMatchesAClientThatIsUnknownOrHasNone() {
        clients.save(TestClients.inPublic());

        assertThat(clients.secretMatches("app", new Secret(""))).isFalse();
        assertThat(clients.secretMatches("nobody", new Secret(""))).isFalse();
        assertThat(clients.secretMatches("nobody", SECRET)).isFalse();
    }

    @Test
    void bothOfTwoLiveSecretsMatchUntilANewOneIsTheOnlyOne() throws Exception {
        clients.save(TestClients.confidential());
        clients.setSecret("orders", SECRET);
        jdbc.sql("insert into client_secrets (client_id, slot, digest) values ('orders', 2, :digest)")
                .param("digest", MessageDigest.getInstance("SHA-256").digest("second".getBytes(StandardCharsets.UTF_8)))
                .update();

        assertThat(anotherIssuer.secretMatches("orders", SECRET)).isTrue();
        assertThat(anotherIssuer.secretMatches("orders", new Secret("second"))).isTrue();

        clients.setSecret("orders", new Secret("third"));

        assertThat(clients.secretMatches("orders", new Secret("third"))).isTrue();
        assertThat(clients.secretMatches("orders", new Secret("second"))).isFalse();
        assertThat(clients.secretMatches("orders", SECRET)).isFalse();
    }

    @Test
    void aSecretCanBeGivenByItsDigestAlone() {
        clients.save(TestClients.confidential());

        clients.setSecretDigest("orders", RegisteredClient.digest(SECRET));

        assertThat(clients.secretMatches("orders", SECRET)).isTrue();
        assertThat(clients.secretMatches("orders", new Secret("another-secret")))
                .isFalse();
    }

    @Test
    void noSecretIsStoredInClear() {
        clients.save(TestClients.confidential());
        clients.setSecret("orders", SECRET);

        List<byte[]> stored = jdbc.sql("select digest from client_secrets")
                .query((row, _) -> row.getBytes(1))
                .list();

        assertThat(stored).singleElement().isEqualTo(RegisteredClient.digest(SECRET));
        assertThat(new String(stored.getFirst(), StandardCharsets.ISO_8859_1)).doesNotContain(SECRET.value());
    }

    @Test
    void anotherIssuersChangeIsSeenAfterTwoSeconds() {
        clients.save(TestClients.confidential());
        clients.setSecret("orders", SECRET);
        assertThat(anotherIssuer.secretMatches("orders", SECRET)).isTrue();
        clients.setSecret("orders", new Secret("new"));

        now = now.plusSeconds(2);

        assertThat(anotherIssuer.secretMatches("orders", SECRET)).isFalse();
        assertThat(anotherIssuer.secretMatches("orders", new Secret("new"))).isTrue();
    }

    @Test
    void aRemovedClientIsUnknownAfterTwoSeconds() {
        clients.save(TestClients.confidential());
        assertThat(clients.find("orders")).isPresent();
        jdbc.sql("delete from clients").update();

        now = now.plusSeconds(2);

        assertThat(clients.find("orders")).isEmpty();
    }

    @Test
    void aClientThatIsAddedIsFoundAtOnceThoughItWasAskedForBefore() {
        assertThat(anotherIssuer.find("orders")).isEmpty();

        clients.save(TestClients.confidential());

        assertThat(anotherIssuer.find("orders")).isPresent();
    }

    @Test
    void anIdThatNoClientCanHaveIsUnknown() {
        assertThat(clients.find("")).isEmpty();
        assertThat(clients.find("a\0b")).isEmpty();
        assertThat(clients.find("ord ers")).isEmpty();
        assertThat(clients.find("x".repeat(100_000))).isEmpty();
        assertThat(clients.find("' or true --")).isEmpty();
    }

    @Test
    void anIdInTheFormOfAPersonsSubjectIsRefused() {
        Client posing = TestClients.client(
                "4ED1E5D3-7c40-4d4a-8f0a-7a2cf4a3d9a1", AuthenticationMethod.CLIENT_SECRET_BASIC, Scopes.none());

        assertThatThrownBy(() -> clients.save(posing)).isInstanceOf(DataIntegrityViolationException.class);
    }
}
