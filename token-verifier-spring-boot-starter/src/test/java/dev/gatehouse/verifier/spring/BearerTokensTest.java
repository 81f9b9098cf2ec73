package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.firewall.RequestRejectedException;

class BearerTokensTest {

    private final BearerTokenResolver ours = new BearerTokens();
    private final BearerTokenResolver springs = new DefaultBearerTokenResolver();

    @Test
    void everyHeaderGetsTheAnswerOfSpringSecurity() {
        List<String> headers = new ArrayList<>(List.of(
                "Bearer a.b.c",
                "bearer a.b.c",
                "BEARER a.b.c==",
                "Bearer a=b",
                "Bearer =",
                "Bearer ",
                "Bearer",
                "Bearer  a",
                " Bearer a",
                "Bearer a ",
                "Bearer a b",
                "Bearera",
                "Bearer a,b",
                "Basic YTpi",
                "Bearer ä",
                "Bearer \uFF21",
                ""));
        for (char c = 0; c < 0x180; c++) {
            headers.add("Bearer x" + c + "y");
        }
        assertThat(headers)
                .allSatisfy(header -> assertThat(answer(ours, header)).isEqualTo(answer(springs, header)));
        assertThat(answer(ours, "Bearer a.b.c")).isEqualTo("a.b.c");
        assertThat(answer(ours, null)).isEqualTo(answer(springs, null));
    }

    @Test
    void theFirewallStillRefusesControlCharactersInHeaders() {
        assertThat(firewalled("Bearer a.b.c")).isEqualTo("Bearer a.b.c");
        assertThat(firewalled("caf\u00e9\t")).isEqualTo("caf\u00e9\t");
        for (String bad : List.of("a\u0000b", "a\nb", "a\u007fb", "a\u0085b", "a\uFFFFb")) {
            assertThat(firewalled(bad)).as(bad).isEqualTo("refused");
        }
    }

    private static String firewalled(String value) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
        request.addHeader("X-Test", value);
        try {
            return HeaderFirewall.create().getFirewalledRequest(request).getHeader("X-Test");
        } catch (RequestRejectedException refused) {
            return "refused";
        }
    }

    private static String answer(BearerTokenResolver resolver, @Nullable String header) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
        if (header != null) {
            request.addHeader("Authorization", header);
        }
        try {
            return String.valueOf(resolver.resolve(request));
        } catch (OAuth2AuthenticationException refused) {
            return "refused: " + refused.getError();
        }
    }
}
