package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.StalenessPolicy;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.VerifiedToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;

class GatehouseJwtDecoderTest {

    private static final ScriptedIssuer issuer = new ScriptedIssuer(InstantSource.system());
    private static final TokenVerifier verifier = issuer.verifier().start();
    private static final GatehouseJwtDecoder decoder =
            new GatehouseJwtDecoder(verifier, new CurrentPolicy(StalenessPolicy.CLOSED));

    @BeforeAll
    static void ready() throws InterruptedException {
        assertThat(verifier.awaitReady(Duration.ofSeconds(60))).isTrue();
    }

    @AfterAll
    static void stop() {
        verifier.close();
        issuer.close();
    }

    @Test
    void aTokenBecomesWhatSpringSecurityKnows() {
        String token = issuer.token().signed();
        Jwt jwt = decoder.decode(token);
        assertThat(jwt.getTokenValue()).isEqualTo(token);
        assertThat(jwt.getSubject()).isEqualTo("person");
        assertThat(jwt.getAudience()).containsExactly(ScriptedIssuer.AUDIENCE);
        assertThat(jwt.getClaimAsString("client_id")).isEqualTo("web");
        assertThat(jwt.getExpiresAt()).isAfter(jwt.getIssuedAt());
        assertThat(jwt.getHeaders()).containsEntry("kid", "first");
    }

    @Test
    void claimsThatAreOddAreDecodedOrRefusedAndNothingElse() {
        List<@Nullable Object> oddities =
                Arrays.asList(null, 1, -1, 1e300, "", "text", true, List.of(), List.of(1), Map.of(), Map.of("a", 1));
        for (String claim :
                List.of("iss", "aud", "sub", "jti", "iat", "exp", "nbf", "scope", "roles", "act", "origin", "rev")) {
            for (Object oddity : oddities) {
                String token = issuer.token().with(claim, oddity).signed();
                try {
                    Jwt jwt = decoder.decode(token);
                    assertThat(jwt.getTokenValue()).isEqualTo(token);
                    assertThat(jwt.getClaims()).isEqualTo(byTheConverter(token));
                } catch (BadJwtException refused) {
                    assertThat(refused).hasMessageContaining("The access token");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void claimsHaveTheTypesThatSpringSecurityGivesThem(boolean one) {
        Object audience = one ? ScriptedIssuer.AUDIENCE : List.of("https://another.example", ScriptedIssuer.AUDIENCE);
        String token =
                issuer.token().with("aud", audience).with("nbf", 1_700_000_000).signed();
        assertThat(decoder.decode(token).getClaims()).isEqualTo(byTheConverter(token));
    }

    private static Map<String, Object> byTheConverter(String token) {
        VerifiedToken verified = verifier.verify(token).fold(good -> good, refusal -> {
            throw new AssertionError(refusal);
        });
        return MappedJwtClaimSetConverter.withDefaults(Map.of()).convert(verified.claims());
    }

    @Test
    void aTokenThatComesAgainBecomesTheSameAndNobodyCanChangeIt() {
        String token = issuer.token()
                .with("roles", List.of("clerk"))
                .with("act", Map.of("sub", "desk"))
                .signed();
        decoder.decode(token);
        decoder.decode(token);
        Jwt jwt = decoder.decode(token);
        assertThat(decoder.decode(token)).isSameAs(jwt);
        assertThat(jwt.getClaims()).allSatisfy((name, value) -> {
            if (value instanceof Collection<?> elements) {
                assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(elements::clear);
            } else if (value instanceof Map<?, ?> members) {
                assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(members::clear);
            }
        });
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> jwt.getClaims().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> jwt.getHeaders().clear());
    }

    @Test
    void aRefusalDoesNotSayWhichCheckFailed() {
        assertThatExceptionOfType(BadJwtException.class)
                .isThrownBy(() -> decoder.decode("garbage"))
                .withMessage("The access token is not valid");
        assertThatExceptionOfType(BadJwtException.class)
                .isThrownBy(() ->
                        decoder.decode(issuer.token().with("aud", "another").signed()))
                .withMessage("The access token is not valid");
    }
}
