package dev.gatehouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.keys.ChosenKeys;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;

class DemoDataTest {
    private static final String ISSUER = "http://localhost:9000";

    private static final String ADMIN_PASSWORD = "gatehouse.demo.admin-password=only-in-this-test-5Keys";

    @TempDir
    Path directory;

    private final ApplicationContextRunner unbound = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class,
                    FlywayAutoConfiguration.class))
            .withUserConfiguration(Stores.class)
            .withBean(Issuer.class, () -> new Issuer(ISSUER))
            .withBean(InstantSource.class, InstantSource::system)
            .withBean(SecureRandom.class, SecureRandom::new)
            .withBean(TokenSigner.class, () -> ChosenKeys.one().signer())
            .withInitializer(context ->
                    context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance()))
            .withPropertyValues(
                    "gatehouse.demo.enabled=true",
                    "spring.datasource.url=" + LocalPostgres.shared().newDatabase());

    private final ApplicationContextRunner server = unbound.withPropertyValues("server.address=127.0.0.1");

    /** The packages that keep what is declared. Not a bean of the whole server's, which scans this package too. */
    @ComponentScan(
            basePackages = {"dev.gatehouse.server.client", "dev.gatehouse.server.account", "dev.gatehouse.server.admin"
            },
            excludeFilters =
                    @ComponentScan.Filter(
                            type = FilterType.ASSIGNABLE_TYPE,
                            classes = {
                                AdminSecurity.class,
                                KeysController.class,
                                CompromisedKeys.class,
                                BackChannelController.class,
                                PeopleController.class
                            }))
    @ConfigurationPropertiesScan({"dev.gatehouse.server.account", "dev.gatehouse.server.admin"})
    static class Stores {}

    @Test
    void theDemosApisAndClientsAreThere() {
        server.run(context -> {
            Apis apis = context.getBean(Apis.class);
            assertThat(apis.all())
                    .contains(new Api("http://localhost:8082", Scopes.of("inventory.read", "inventory.write"), null));
            Api api = apis.find("http://localhost:8081").orElseThrow();
            assertThat(api.scopes()).isEqualTo(Scopes.of("orders.read", "orders.write"));
            assertThat(api.texts().of("orders.read", Locale.GERMAN)).contains("Ihre Bestellungen sehen");
            assertThat(api.texts().of("orders.read", Locale.FRENCH)).contains("See your orders");
            Clients clients = context.getBean(Clients.class);
            assertThat(Stream.of("orders", "inventory", "web", "load"))
                    .allMatch(id -> clients.secretMatches(id, new Secret(id + "-secret")));
            Client orders = clients.find("orders").orElseThrow();
            assertThat(orders.grants()).containsExactlyInAnyOrder(Client.CLIENT_CREDENTIALS, Client.TOKEN_EXCHANGE);
            assertThat(orders.serves()).containsExactly("http://localhost:8081");
            assertThat(orders.exchange())
                    .containsOnlyKeys("orders.read", "orders.write")
                    .containsEntry("orders.read", Scopes.of("inventory.read"));
            Client inventory = clients.find("inventory").orElseThrow();
            assertThat(inventory.audience()).isEqualTo(ISSUER);
            assertThat(inventory.serves()).containsExactly("http://localhost:8082");
            Client web = clients.find("web").orElseThrow();
            assertThat(web.consent()).isFalse();
            assertThat(web.requirePkce()).isTrue();
            assertThat(web.postLogoutRedirectUris())
                    .containsExactly("http://localhost:8081/", "http://127.0.0.1:8765/");
            Client spa = clients.find("spa").orElseThrow();
            assertThat(spa.isPublic()).isTrue();
            assertThat(spa.consent()).isTrue();
            assertThat(spa.grants()).containsExactly(Client.AUTHORIZATION_CODE);
            assertThat(clients.find("load").orElseThrow().rateLimited()).isFalse();
        });
    }

    @Test
    void theDemosPeopleCanLogInAndTheAdministratorOnceAPasswordWasGiven() {
        server.run(context -> {
            Accounts accounts = context.getBean(Accounts.class);
            Account alice = login(accounts, "alice", "wonderland-9Lives");
            assertThat(alice.roles()).containsExactly("user");
            assertThat(alice.email()).isEqualTo("alice@example.com");
            assertThat(alice.emailVerified()).isTrue();
            assertThat(alice.claims())
                    .containsEntry("birthdate", "1992-05-04")
                    .containsEntry("phone_number_verified", true)
                    .containsKeys("name", "family_name", "locale", "zoneinfo", "updated_at");
            assertThat(alice.claims().get("address"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("postal_code", "OX1 1AA");
            login(accounts, "bob", "builder-7Bridges");
            assertThat(accounts.findByUsername("admin").orElseThrow().roles()).containsExactly("admin");
        });
        server.withPropertyValues(ADMIN_PASSWORD)
                .run(context -> login(context.getBean(Accounts.class), "admin", "only-in-this-test-5Keys"));
        server.run(context -> login(context.getBean(Accounts.class), "admin", "only-in-this-test-5Keys"));
    }

    @Test
    void aSecondStartChangesNothingAndHashesNothingAgain() {
        List<Map<String, Object>> first = contents(server.withPropertyValues(ADMIN_PASSWORD));
        assertThat(first).hasSize(2 + 6 + 5 + 3);
        assertThat(contents(server.withPropertyValues(ADMIN_PASSWORD))).isEqualTo(first);
        assertThat(contents(server)).isEqualTo(first);
    }

    @Test
    void whatWasChangedComesBackToWhatIsDeclaredButAPersonStaysWhoTheyAreAndDisabled() {
        server.run(context -> {
            Accounts accounts = context.getBean(Accounts.class);
            Account bob = accounts.findByUsername("bob").orElseThrow();
            accounts.save(new Account(bob.id(), "bob", null, false, List.of("admin"), Map.of(), false));
            accounts.setPassword(bob.id(), new Secret("something-else-1"));
            Account alice = accounts.findByUsername("alice").orElseThrow();
            accounts.setPassword(alice.id(), new Secret("something-else-2"));
            context.getBean(Clients.class).setSecret("web", new Secret("another-secret"));
            server.run(again -> {
                Accounts now = again.getBean(Accounts.class);
                Account bobNow = now.findByUsername("bob").orElseThrow();
                assertThat(bobNow.id()).isEqualTo(bob.id());
                assertThat(bobNow.roles()).containsExactly("user");
                assertThat(bobNow.enabled()).isFalse();
                assertThat(login(now, "alice", "wonderland-9Lives").id()).isEqualTo(alice.id());
                assertThat(again.getBean(Clients.class).secretMatches("web", new Secret("web-secret")))
                        .isTrue();
            });
        });
    }

    @Test
    void aDeclaredFileAddsToTheDemoAndMayReferToItsApis() throws IOException {
        Path file = file("""
                clients:
                  - {id: extra, secret: extra-secret, grants: [client_credentials], scopes: [inventory.read],
                     audience: http://localhost:8082}
                  - {id: load, secret: other-load-secret}
                people:
                  - {username: carol, password: only-in-the-demo}
                """);
        server.withPropertyValues("gatehouse.demo.declare=" + file).run(context -> {
            Clients clients = context.getBean(Clients.class);
            assertThat(clients.secretMatches("extra", new Secret("extra-secret")))
                    .isTrue();
            assertThat(clients.secretMatches("orders", new Secret("orders-secret")))
                    .isTrue();
            assertThat(clients.secretMatches("load", new Secret("load-secret"))).isFalse();
            login(context.getBean(Accounts.class), "carol", "only-in-the-demo");
        });
    }

    @Test
    void aBadFileStopsTheStartWithAllItsLinesAndLeavesNothing() throws IOException {
        Path file = file("clients:\n  - id: broken\n    grants: [password]\n    colour: blue\n");
        server.withPropertyValues("gatehouse.demo.declare=" + file).run(context -> {
            assertThat(context).hasFailed();
            assertThat(plainLines(context.getStartupFailure()))
                    .startsWith("bad configuration")
                    .contains(file + ":2: ", file + ":3: unknown grant", file + ":4: unknown key \"colour\"");
        });
        server.withPropertyValues("gatehouse.demo.enabled=false")
                .run(context ->
                        assertThat(context.getBean(Clients.class).find("web")).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void theDemoRefusesToBeReachableFromElsewhere(String address) {
        assertRefusesToBeTheDemo(unbound.withPropertyValues("server.address=" + address));
    }

    @Test
    void theDemoRefusesToListenEverywhereBecauseNobodySaidWhere() {
        assertRefusesToBeTheDemo(unbound);
    }

    private static void assertRefusesToBeTheDemo(ApplicationContextRunner start) {
        start.run(context -> assertThat(plainLines(context.getStartupFailure()))
                .contains("gatehouse.demo.enabled=true needs a server bound to loopback (server.address=127.0.0.1)"));
        start.withPropertyValues("gatehouse.demo.enabled=false")
                .run(context ->
                        assertThat(context.getBean(Clients.class).find("web")).isEmpty());
    }

    @Test
    void outsideTheDemoOnlyDigestsAreDeclaredAndNothingOfTheDemoIsThere() throws IOException {
        Path good = file("clients:\n  - id: service\n    secret-digest: "
                + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n");
        ApplicationContextRunner production =
                server.withPropertyValues("gatehouse.demo.enabled=false", "server.address=0.0.0.0");
        production.withPropertyValues("gatehouse.admin.declare=" + good).run(context -> {
            Clients clients = context.getBean(Clients.class);
            assertThat(clients.secretMatches("service", new Secret("test"))).isTrue();
            assertThat(clients.find("web")).isEmpty();
            assertThat(context.getBean(Accounts.class).findByUsername("alice")).isEmpty();
        });
        Path bad = file("clients:\n  - id: service\n    secret: long-enough\n");
        production
                .withPropertyValues("gatehouse.admin.declare=" + bad)
                .run(context -> assertThat(plainLines(context.getStartupFailure()))
                        .contains(bad + ":3: \"secret\" is allowed only in the demo"));
    }

    @Test
    void aPersonWithADeclaredHashLogsInAndKeepsThePasswordThatTheyChooseUntilAnotherHashIsDeclared()
            throws IOException {
        String hash = "pbkdf2_sha256$10000$h4dV8m2xKq0bZr6TnLw3Ya$fWelDh5Itx/OV+IGpFiqOO30w3oJjF4ZsfFKFP9S0DI=";
        ApplicationContextRunner start = server.withPropertyValues(
                "gatehouse.demo.enabled=false",
                "gatehouse.admin.declare=" + file("people:\n  - {username: ada, password-hash: '" + hash + "'}\n"));
        start.run(context -> {
            Accounts accounts = context.getBean(Accounts.class);
            Account ada = login(accounts, "ada", "correct horse battery staple");
            accounts.setPassword(ada.id(), new Secret("something-else-1"));
        });
        start.run(context -> login(context.getBean(Accounts.class), "ada", "something-else-1"));
        String other = "bcrypt$$2b$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi";
        start.withPropertyValues("gatehouse.admin.declare="
                        + file("people:\n  - {username: ada, password-hash: '" + other + "'}\n"))
                .run(context -> login(context.getBean(Accounts.class), "ada", "correct horse battery staple"));
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path latin1 = Files.write(directory.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xE4});
        assertStops(latin1, latin1 + ":1: the file must be encoded in UTF-8");
        Path missing = directory.resolve("missing.yaml");
        assertStops(missing, missing + ": cannot be read");
        Path large = Files.writeString(directory.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
        assertStops(large, large + ":1: the file is larger than 1048576 bytes");
    }

    private void assertStops(Path file, String line) {
        server.withPropertyValues("gatehouse.demo.declare=" + file)
                .run(context ->
                        assertThat(plainLines(context.getStartupFailure())).contains(line));
    }

    private static String plainLines(@Nullable Throwable failure) {
        FailureAnalysis analysis = failure == null ? null : new BadDeclarationFailureAnalyzer().analyze(failure);
        return analysis == null ? "no refusal but " + failure : analysis.getDescription();
    }

    @Test
    void anAddressThatTwoPeopleHaveConfirmedIsRefusedInOneLine() throws IOException {
        Path file = file("""
                people:
                  - username: one
                    password: only-in-the-demo
                    email: Both@people.example
                    email-verified: true
                  - username: other
                    password: only-in-the-demo
                    email: both@people.example
                    email-verified: true
                """);
        server.withPropertyValues("gatehouse.demo.declare=" + file)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining(
                                "the person \"other\": another account has confirmed this e-mail address already"));
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "declared", ".yaml"), yaml);
    }

    private static Account login(Accounts accounts, String username, String password) {
        return accounts.authenticate(username, new Secret(password)).orElseThrow();
    }

    private static List<Map<String, Object>> contents(ApplicationContextRunner start) {
        List<Map<String, Object>> rows = new java.util.ArrayList<>();
        start.run(context -> {
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            for (String query : List.of(
                    "select audience, scopes::text, created_at from apis order by audience",
                    "select id, grants::text, scopes::text, exchange::text, created_at from clients order by id",
                    "select client_id, slot, encode(digest, 'hex'), created_at from client_secrets order by client_id",
                    "select id, username, claims::text, password, created_at from accounts order by username")) {
                rows.addAll(jdbc.sql(query).query().listOfRows());
            }
        });
        return rows;
    }
}
