package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverloadPropertiesTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.009S, 1, 1, 1, 1, longest-wait",
        "PT11S, 1, 1, 1, 1, longest-wait",
        "PT1S, 0, 1, 1, 1, max-token-requests",
        "PT1S, 1, 0, 1, 1, max-introspections",
        "PT1S, 1, 1, 0, 1, max-revocations",
        "PT1S, 1, 1, 1, 0, max-pages"
    })
    void aBoundThatWouldLetNobodyInOrNobodyOutIsRefused(
            Duration wait, int tokens, int introspections, int revocations, int pages, String setting) {
        assertThatThrownBy(() -> new OverloadProperties(wait, tokens, introspections, revocations, pages))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("gatehouse.overload." + setting + " must be ");
    }
}
