package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;

class AuthenticationDemandTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private static Jwt token(Map<String, Object> claims) {
        return Jwt.withTokenValue("t")
                .header("alg", "RS256")
                .claim("sub", "s")
                .claims(all -> all.putAll(claims))
                .build();
    }

    @Test
    void theLoginMayBeExactlyAsOldAsSaid() {
        AuthenticationDemand demand = new AuthenticationDemand(List.of(), Duration.ofSeconds(10));

        assertThat(demand.isMetBy(token(Map.of("auth_time", NOW.getEpochSecond() - 10)), NOW))
                .isTrue();
        assertThat(demand.isMetBy(token(Map.of("auth_time", NOW.getEpochSecond() - 11)), NOW))
                .isFalse();
        assertThat(demand.isMetBy(token(Map.of()), NOW)).isFalse();
        assertThat(demand.challenge()).doesNotContain("acr_values").contains("max_age=\"10\"");
    }

    @Test
    void anyOfTheClassesIsEnough() {
        AuthenticationDemand demand = new AuthenticationDemand(List.of("3", "2"), null);

        assertThat(demand.isMetBy(token(Map.of("acr", "2")), NOW)).isTrue();
        assertThat(demand.isMetBy(token(Map.of("acr", "1")), NOW)).isFalse();
        assertThat(demand.challenge()).contains("acr_values=\"3 2\"").doesNotContain("max_age");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a\"b", "a\\b", "a\r\nSet-Cookie:x", "é"})
    void whatIsNoClassIsRefused(String value) {
        assertThatThrownBy(() -> new AuthenticationDemand(List.of(value), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDemandForNothingIsRefused() {
        assertThatThrownBy(() -> new AuthenticationDemand(List.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AuthenticationDemand(List.of("2"), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
