package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.verifier.Answers;
import dev.gatehouse.verifier.Refusal;
import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TestKeys;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.Verification;
import dev.gatehouse.verifier.VerifierStatus;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Each property, shown by what it changes. */
class VerifierPropertiesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScriptedIssuer issuer = new ScriptedIssuer(InstantSource.system());
    private final CountDownLatch latch = new CountDownLatch(1);

    @AfterEach
    void stop() {
        latch.countDown();
        issuer.close();
    }

    private static ApplicationContextRunner bare() {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(GatehouseVerifierAutoConfiguration.class, SslAutoConfiguration.class));
    }

    private ApplicationContextRunner with(String... properties) {
        return bare().withPropertyValues(TestService.properties(issuer))
                .withPropertyValues(Arrays.stream(properties)
                        .map(property -> "gatehouse.verifier." + property)
                        .toArray(String[]::new));
    }

    private static TokenVerifier verifier(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(TokenVerifier.class);
    }

    private static TokenVerifier ready(AssertableApplicationContext context) {
        TokenVerifier verifier = verifier(context);
        await().atMost(PATIENCE).until(verifier::isReady);
        return verifier;
    }

    private static void assertAccepted(TokenVerifier verifier, String token) {
        assertThat(verifier.verify(token)).isInstanceOf(Verification.Verified.class);
    }

    private static void assertRefused(TokenVerifier verifier, String token, Refusal reason) {
        assertThat(verifier.verify(token)).isEqualTo(new Verification.Refused(reason));
    }

    private void assertStartFails(String because, String... properties) {
        with(properties).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(because);
        });
    }

    @Test
    void enabled() {
        bare().withPropertyValues("gatehouse.verifier.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenVerifier.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer", "audience", "client-id", "client-secret"})
    void whatHasNoDefaultMustBeSet(String property) {
        assertStartFails("gatehouse.verifier." + property + " must be set", property + "=");
    }

    @Test
    void issuerAndAudience() {
        with("audience=billing").run(context -> {
            TokenVerifier verifier = ready(context);
            assertRefused(verifier, issuer.token().signed(), Refusal.AUDIENCE);
            assertAccepted(verifier, issuer.token().with("aud", "billing").signed());
            assertRefused(
                    verifier,
                    issuer.token().with("iss", "https://another.example").signed(),
                    Refusal.ISSUER);
        });
    }

    @Test
    void clientIdAndClientSecret() {
        with("client-secret=guessed").run(context -> {
            TokenVerifier verifier = verifier(context);
            await().atMost(PATIENCE).until(() -> issuer.requests(ScriptedIssuer.SNAPSHOT) >= 2);
            assertThat(verifier.isReady()).isFalse();
            assertThat(context.getBean(GatehouseVerifierProperties.class).toString())
                    .contains("clientId=orders")
                    .doesNotContain("guessed");
        });
    }

    @Test
    void issuerLocation() {
        String published = "https://issuer.example";
        issuer.answer(
                ScriptedIssuer.METADATA,
                Answers.json(Map.of("issuer", published, "jwks_uri", published + ScriptedIssuer.JWKS)));
        issuer.answerAuthorized(
                ScriptedIssuer.SNAPSHOT,
                Answers.text("{\"issuer\":\"" + published + "\",\"position\":\""
                        + issuer.feed().position() + "\",\"rules\":[]}"));
        with("issuer=" + published, "issuer-location=" + issuer.address())
                .run(context -> assertAccepted(
                        ready(context), issuer.token().with("iss", published).signed()));
    }

    @Test
    void jwkSetUri() {
        issuer.answer(ScriptedIssuer.METADATA, Answers.status(404));
        with("jwk-set-uri=" + issuer.address() + ScriptedIssuer.JWKS)
                .run(context -> assertAccepted(ready(context), issuer.token().signed()));
    }

    @Test
    void allowPlainHttp() {
        assertStartFails("must be an https URL", "issuer-location=http://issuer.invalid");
        with("issuer-location=http://issuer.invalid", "allow-plain-http=true")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void sslBundle(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("issuer.p12");
        try (ScriptedIssuer secured = new ScriptedIssuer(InstantSource.system(), selfSigned(store))) {
            ApplicationContextRunner runner = bare().withPropertyValues(TestService.properties(secured));
            runner.run(context -> {
                await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                assertThat(verifier(context).isReady()).isFalse();
            });
            runner.withPropertyValues(
                            "gatehouse.verifier.ssl-bundle=private",
                            "spring.ssl.bundle.jks.private.truststore.location=" + store.toUri(),
                            "spring.ssl.bundle.jks.private.truststore.password=password",
                            "spring.ssl.bundle.jks.private.truststore.type=PKCS12")
                    .run(context ->
                            assertAccepted(ready(context), secured.token().signed()));
        }
        assertStartFails("missing", "ssl-bundle=missing");
    }

    private static SSLContext selfSigned(Path store) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "issuer",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=issuer",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(store)) {
            keys.load(bytes, "password".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void algorithms() {
        RSAKey other = new RSAKey.Builder(TestKeys.rs256("other"))
                .algorithm(JWSAlgorithm.RS384)
                .build();
        issuer.publish(TestKeys.rs256("first"), other);
        String token = issuer.token().key("other", other).header("alg", "RS384").signed("SHA384withRSA");
        with().run(context -> assertRefused(ready(context), token, Refusal.ALGORITHM));
        with("algorithms=RS384,PS256").run(context -> {
            TokenVerifier verifier = ready(context);
            assertAccepted(verifier, token);
            assertRefused(verifier, issuer.token().signed(), Refusal.ALGORITHM);
        });
        with().run(context ->
                assertThat(verifier(context).cryptoProviders()).containsOnlyKeys("RS256", "PS256", "ES256", "EdDSA"));
        assertStartFails("algorithms", "algorithms=HS256");
    }

    @Test
    void nativeCrypto() {
        String amazon = "AmazonCorrettoCryptoProvider";
        assumeTrue(System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"));
        with().run(context -> {
            TokenVerifier verifier = ready(context);
            assertThat(verifier.cryptoProviders()).containsEntry("RS256", amazon);
            assertAccepted(verifier, issuer.token().signed());
            assertRefused(
                    verifier,
                    issuer.token().forgedWith(TestKeys.rs256("forger")).signed(),
                    Refusal.SIGNATURE);
        });
        with("native-crypto=false").run(context -> {
            TokenVerifier verifier = ready(context);
            assertThat(verifier.cryptoProviders()).doesNotContainValue(amazon);
            assertAccepted(verifier, issuer.token().signed());
        });
    }

    @Test
    void clockSkew() {
        long now = Instant.now().getEpochSecond();
        String token =
                issuer.token().with("iat", now - 1_000).with("exp", now - 45).signed();
        with().run(context -> assertRefused(ready(context), token, Refusal.EXPIRED));
        with("clock-skew=60s").run(context -> assertAccepted(ready(context), token));
        assertStartFails("clock skew", "clock-skew=61s");
    }

    @Test
    void stalenessBound() {
        with("staleness-bound=1h").run(context -> {
            TokenVerifier verifier = ready(context);
            issuer.feed().pause();
            await().atMost(PATIENCE).until(() -> verifier.staleness().compareTo(Duration.ofSeconds(6)) > 0);
            assertThat(verifier.status()).extracting(VerifierStatus::fresh).isEqualTo(true);
            assertAccepted(verifier, issuer.token().signed());
        });
        assertStartFails("staleness bound", "staleness-bound=1s");
    }

    @Test
    void stalenessPolicy() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        String token = issuer.token().signed();
        with().run(context -> awaitOutcome(verifier(context), token, new Verification.Refused(Refusal.STALE)));
        with("staleness-policy=open").run(context -> {
            TokenVerifier verifier = verifier(context);
            await().atMost(PATIENCE).until(() -> verifier.verify(token) instanceof Verification.Verified);
            assertThat(verifier.acceptedStale()).isPositive();
        });
        issuer.answer(ScriptedIssuer.INTROSPECTION, Answers.text("{\"active\":false}"));
        with("staleness-policy=introspect")
                .run(context -> awaitOutcome(verifier(context), token, new Verification.Refused(Refusal.REVOKED)));
    }

    private static void awaitOutcome(TokenVerifier verifier, String token, Verification outcome) {
        await().atMost(PATIENCE).until(() -> verifier.verify(token).equals(outcome));
    }

    @Test
    void retryAfter() {
        with("retry-after=90s")
                .run(context -> assertThat(context.getBean(GatehouseVerifierProperties.class)
                                .retryAfter())
                        .isEqualTo(Duration.ofSeconds(90)));
        assertStartFails("retry-after", "retry-after=10ms");
        assertStartFails("retry-after", "retry-after=2h");
    }

    @Test
    void introspectionTimeout() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        issuer.answer(ScriptedIssuer.INTROSPECTION, Answers.held(latch, Answers.text("{\"active\":true}")));
        with("staleness-policy=introspect", "introspection-timeout=20ms")
                .run(context -> awaitOutcome(
                        verifier(context),
                        issuer.token().signed(),
                        new Verification.Refused(Refusal.INTROSPECTION_FAILED)));
        assertStartFails("introspection time-out", "introspection-timeout=1m");
    }

    @Test
    void unknownKeyCoolDown() {
        with("unknown-key-cool-down=1s").run(context -> {
            TokenVerifier verifier = ready(context);
            String second =
                    issuer.token().key("second", TestKeys.rs256("second")).signed();
            assertRefused(verifier, second, Refusal.UNKNOWN_KEY);
            issuer.publish(TestKeys.rs256("second"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> verifier.verify(second) instanceof Verification.Verified);
        });
        assertStartFails("cool-down", "unknown-key-cool-down=10ms");
    }

    @Test
    void maxTokenSize() {
        String token = issuer.token().with("padding", "x".repeat(2_000)).signed();
        with().run(context -> assertAccepted(ready(context), token));
        with("max-token-size=2KB").run(context -> assertRefused(ready(context), token, Refusal.OVERSIZED));
        assertStartFails("max-token-size", "max-token-size=2MB");
        assertStartFails("longest token", "max-token-size=10B");
    }

    @Test
    void cacheSize() {
        String token = issuer.token().signed();
        with().run(context -> assertThat(hitsOfFive(ready(context), token)).isEqualTo(3));
        with("cache-size=0")
                .run(context -> assertThat(hitsOfFive(ready(context), token)).isZero());
        with("cache-size=1KB")
                .run(context -> assertThat(hitsOfFive(ready(context), token)).isZero());
        assertStartFails("cache of verified tokens", "cache-size=2GB");
    }

    private static long hitsOfFive(TokenVerifier verifier, String token) {
        for (int i = 0; i < 5; i++) {
            assertAccepted(verifier, token);
        }
        return verifier.cacheHits();
    }

    @Test
    void everyPropertyIsDescribedForEditors() throws Exception {
        String name = "/META-INF/spring-configuration-metadata.json";
        Map<String, Object> metadata;
        try (InputStream bytes = GatehouseVerifierProperties.class.getResourceAsStream(name)) {
            assertThat(bytes).isNotNull();
            metadata = JSONObjectUtils.parse(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
        }
        Map<String, String> described = Arrays.stream(JSONObjectUtils.getJSONObjectArray(metadata, "properties"))
                .collect(Collectors.toMap(
                        property -> String.valueOf(property.get("name")),
                        property -> String.valueOf(property.getOrDefault("description", ""))));
        assertThat(described.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(GatehouseVerifierProperties.class.getRecordComponents())
                                .map(VerifierPropertiesTest::property)
                                .toList());
        assertThat(described.values()).allSatisfy(text -> assertThat(text).isNotBlank());
    }

    private static String property(RecordComponent component) {
        String dashed = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return ConfigurationPropertyName.of("gatehouse.verifier." + dashed).toString();
    }
}
