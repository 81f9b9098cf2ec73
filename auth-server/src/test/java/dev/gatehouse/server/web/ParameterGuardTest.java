package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.web.WebProperties.ForwardedHeader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ParameterGuardTest {
    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/login");

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "Zoë\u2019s naïve \uD83D\uDD11", "two\r\nlines\tand a tab"})
    void textPasses(String value) throws Exception {
        request.addParameter("username", value);

        assertThat(status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul\0", "bell\u0007", "escape\u001B[2J", "half a pair \uD83D", "\u0085"})
    void whatIsNotTextIsRefused(String value) throws Exception {
        request.addParameter("username", value);

        assertThat(status()).isEqualTo(400);
    }

    @Test
    void aNameThatIsNotTextIsRefused() throws Exception {
        request.addParameter("user\0name", "alice");

        assertThat(status()).isEqualTo(400);
    }

    @Test
    void anOversizedValueIsRefused() throws Exception {
        request.addParameter("username", "a".repeat(16385));

        assertThat(status()).isEqualTo(400);
    }

    @Test
    void tooManyValuesAreRefusedHoweverTheyAreNamed() throws Exception {
        for (int i = 0; i < 33; i++) {
            request.addParameter("same", "value");
            request.addParameter("other" + i, "value");
        }

        assertThat(status()).isEqualTo(400);
    }

    private int status() throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        new ParameterGuard(new WebProperties(List.of(), ForwardedHeader.X_FORWARDED, 64, 16384))
                .doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }
}
