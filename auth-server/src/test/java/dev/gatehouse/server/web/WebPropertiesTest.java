package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.web.WebProperties.ForwardedHeader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebPropertiesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"proxy.example", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "0.0.0.0/0", "::/0", ""
            })
    void aProxyThatIsNotANetworkOfOursIsRefused(String proxy) {
        assertThatThrownBy(() -> new WebProperties(List.of(proxy), ForwardedHeader.X_FORWARDED, 64, 16384))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
