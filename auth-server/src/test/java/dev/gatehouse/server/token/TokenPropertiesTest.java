package dev.gatehouse.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.token.TokenProperties.ReuseEnds;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TokenPropertiesTest {
    private static final String PREFIX = "gatehouse.token.";

    private static TokenProperties bind(Map<String, String> values) {
        Map<String, String> properties = new HashMap<>();
        values.forEach((name, value) -> properties.put(PREFIX + name, value));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("gatehouse.token", TokenProperties.class);
    }

    @Test
    void theDefaultsAreGood() {
        assertThat(bind(Map.of()))
                .isEqualTo(new TokenProperties(
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(60),
                        Duration.ofDays(14),
                        Duration.ofDays(90),
                        Duration.ofSeconds(10),
                        ReuseEnds.EVERY_LOGIN));
    }

    @ParameterizedTest
    @CsvSource({
        "access-token-lifetime, 30s, 29999ms",
        "access-token-lifetime, 1h, 3600001ms",
        "authorization-code-lifetime, 10s, 9999ms",
        "authorization-code-lifetime, 10m, 600001ms",
        "refresh-token-idle-lifetime, 1m, 59999ms",
        "refresh-token-idle-lifetime, 90d, 91d",
        "refresh-token-absolute-lifetime, 14d, 13d",
        "refresh-token-absolute-lifetime, 366d, 367d",
        "refresh-token-grace, 0s, -1ms",
        "refresh-token-grace, 60s, 60001ms"
    })
    void theBoundIsGoodAndWhatLiesBeyondIsRefusedByName(String name, String bound, String beyond) {
        assertThatCode(() -> bind(Map.of(name, bound))).doesNotThrowAnyException();
        assertThatThrownBy(() -> bind(Map.of(name, beyond)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gatehouse.token.");
    }

    @Test
    void anAbsoluteLifetimeThatIsTooShortIsNamedAsSuch() {
        assertThatThrownBy(() ->
                        bind(Map.of("refresh-token-absolute-lifetime", "59s", "refresh-token-idle-lifetime", "59s")))
                .rootCause()
                .hasMessageContaining("gatehouse.token.refresh-token-absolute-lifetime");
    }
}
