package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierBuilderTest {

    private static TokenVerifierBuilder good() {
        return TokenVerifier.forIssuer("http://127.0.0.1:1", "api").credentials("client", "secret");
    }

    @Test
    void senselessValuesAreRefused() {
        List<UnaryOperator<TokenVerifierBuilder>> mistakes = List.of(
                builder -> builder.algorithms(),
                builder -> builder.algorithms("none"),
                builder -> builder.algorithms("HS256"),
                builder -> builder.algorithms("RS256", "HS512"),
                builder -> builder.algorithms("ES256K"),
                builder -> builder.clockSkew(Duration.ofSeconds(-1)),
                builder -> builder.clockSkew(Duration.ofSeconds(61)),
                builder -> builder.instance(""),
                builder -> builder.instance("pod 1"),
                builder -> builder.instance("x".repeat(129)),
                builder -> builder.stalenessBound(Duration.ZERO),
                builder -> builder.stalenessBound(Duration.ofDays(1)),
                builder -> builder.introspectionTimeout(Duration.ZERO),
                builder -> builder.introspectionTimeout(Duration.ofMinutes(1)),
                builder -> builder.unknownKeyCoolDown(Duration.ZERO),
                builder -> builder.maxTokenLength(10),
                builder -> builder.maxTokenLength(10_000_000),
                builder -> builder.cacheSize(-1),
                builder -> builder.cacheSize(Long.MAX_VALUE),
                builder -> builder.jwkSetUri(URI.create("http://issuer.example/jwks")),
                builder -> builder.jwkSetUri(URI.create("file:///etc/jwks")),
                builder -> builder.issuerLocation(URI.create("http://issuer.example")));
        for (UnaryOperator<TokenVerifierBuilder> mistake : mistakes) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mistake.apply(good()).start().close());
        }
        good().start().close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example",
                "http://localhost.example",
                "http://127.0.0.1.example",
                "http://127.1.example",
                "ftp://localhost",
                "issuer",
                "not a url",
                ""
            })
    void anIssuerThatIsReachedInClearOrNotAtAllIsRefused(String issuer) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenVerifier.forIssuer(issuer, "api")
                        .credentials("client", "secret")
                        .start()
                        .close());
    }

    @Test
    void plainHttpToAnotherMachineIsForThoseWhoSaySo() {
        URI there = URI.create("http://issuer.invalid:1");
        good().issuerLocation(there).allowPlainHttp(true).start().close();
    }

    @Test
    void withoutCredentialsOrAudienceThereIsNoVerifier() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenVerifier.forIssuer("http://127.0.0.1:1", "api")
                        .start()
                        .close())
                .withMessageContaining("credentials");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenVerifier.forIssuer("http://127.0.0.1:1", " ")
                        .credentials("client", "secret")
                        .start()
                        .close())
                .withMessageContaining("audience");
    }

    @Test
    void credentialsAreEncodedAndDoNotShowThemselves() {
        BasicCredentials credentials = new BasicCredentials("an id", "p:ss wörd");
        assertThat(credentials.get()).isEqualTo("Basic YW4raWQ6cCUzQXNzK3clQzMlQjZyZA==");
        assertThat(credentials).hasToString("***");
    }

    @Test
    void anIssuerBehindAnotherAddressIsReachedThereAndItsTokensAreNamedForItsOwn() throws InterruptedException {
        TestClock clock = new TestClock();
        try (ScriptedIssuer issuer = new ScriptedIssuer(clock)) {
            String published = "https://issuer.example";
            issuer.answer(
                    ScriptedIssuer.METADATA,
                    Answers.json(Map.of("issuer", published, "jwks_uri", published + ScriptedIssuer.JWKS)));
            issuer.answerAuthorized(
                    ScriptedIssuer.SNAPSHOT,
                    Answers.text("{\"issuer\":\"" + published + "\",\"position\":\""
                            + issuer.feed().position() + "\",\"rules\":[]}"));
            try (TokenVerifier verifier = TokenVerifier.forIssuer(published, ScriptedIssuer.AUDIENCE)
                    .credentials(ScriptedIssuer.CLIENT, ScriptedIssuer.SECRET)
                    .issuerLocation(URI.create(issuer.address()))
                    .clock(clock, clock::nanos)
                    .start()) {
                assertThat(verifier.awaitReady(Duration.ofSeconds(60))).isTrue();
                assertThat(verifier.verify(issuer.token().with("iss", published).signed()))
                        .isInstanceOf(Verification.Verified.class);
                assertThat(verifier.verify(issuer.token().signed()))
                        .isEqualTo(new Verification.Refused(Refusal.ISSUER));
            }
        }
    }

    @Test
    void theClassesRunOnJava17() throws Exception {
        try (var bytes = TokenVerifier.class.getResourceAsStream("TokenVerifier.class")) {
            assertThat(bytes).isNotNull();
            byte[] head = bytes.readNBytes(8);
            assertThat(head[7]).isEqualTo((byte) 61);
        }
    }
}
