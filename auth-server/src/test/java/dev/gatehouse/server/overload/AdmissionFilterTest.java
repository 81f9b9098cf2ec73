package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.FilterChain;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class AdmissionFilterTest {
    private static final Duration BOUND = Duration.ofMillis(200);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private final AdmissionFilter filter =
            new AdmissionFilter(new Places(new OverloadProperties(BOUND, 1, 1, 1, 1)), BOUND, new Refusals(metrics));

    private final MockHttpServletResponse response = new MockHttpServletResponse();

    private static MockHttpServletRequest request(String path) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
        request.setServletPath(path);
        return request;
    }

    /** How a request is answered that begins after so long a wait, when the line has been standing. */
    private int statusAfter(String path, long waitedMillis) {
        ControlledDelay delay = new ControlledDelay(BOUND, 0);
        AtomicLong nanos = new AtomicLong();
        for (; nanos.get() < Duration.ofMillis(500).toNanos(); nanos.addAndGet(10_000_000)) {
            delay.isTooLong(BOUND.toNanos() + 1, nanos.get());
        }
        WaitingLine line = new WaitingLine(
                work -> {
                    nanos.addAndGet(Duration.ofMillis(waitedMillis).toNanos());
                    work.run();
                },
                delay,
                nanos::get);
        line.execute(() -> pass(path, new MockFilterChain()));
        return response.getStatus();
    }

    private void pass(String path, FilterChain chain) {
        try {
            filter.doFilter(request(path), response, chain);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/oauth2/token, 90, 200",
        "/oauth2/token, 110, 503",
        "/oauth2/par, 110, 503",
        "/oauth2/introspect, 110, 503",
        "/userinfo, 110, 503",
        "/login, 110, 200",
        "/login, 210, 503",
        "/oauth2/authorize, 110, 200",
        "/oauth2/authorize, 210, 503",
        "/account/password, 210, 503",
        "/oauth2/revoke, 210, 200",
        "/oauth2/jwks, 210, 200",
        "/.well-known/openid-configuration, 210, 200",
        "/revocations/feed, 210, 200",
        "/revocations/wait, 210, 200",
        "/assets/page.css, 210, 200",
        "/admin/api/keys, 210, 200"
    })
    void whoeverHasWaitedTooLongIsTurnedAwayUnlessWaitingIsBetter(String path, long waitedMillis, int status) {
        assertThat(statusAfter(path, waitedMillis)).isEqualTo(status);
    }

    @Test
    void aPlaceIsGivenBackAlsoByWhatFails() {
        FilterChain failing = (_, _) -> {
            throw new java.io.IOException("the client went away");
        };
        for (int i = 0; i < 3; i++) {
            try {
                filter.doFilter(request("/oauth2/token"), new MockHttpServletResponse(), failing);
            } catch (Exception expected) {
                assertThat(expected).hasMessage("the client went away");
            }
        }
        pass("/oauth2/token", new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(200);
    }

    @Test
    void aPlaceIsFreeAgainOnceTheAnswerBegins() throws Exception {
        filter.doFilter(request("/oauth2/token"), new MockHttpServletResponse(), (_, slowlyRead) -> {
            slowlyRead.getOutputStream();
            pass("/oauth2/token", new MockFilterChain());
        });
        filter.doFilter(request("/oauth2/token"), new MockHttpServletResponse(), (_, slowlyRead) -> {
            slowlyRead.getWriter();
            pass("/oauth2/token", new MockFilterChain());
        });
        pass("/oauth2/token", new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(200);
    }

    @Test
    void whoeverFindsNoPlaceIsToldWhenToComeBackAndIsCounted() throws Exception {
        filter.doFilter(request("/oauth2/token"), new MockHttpServletResponse(), (_, _) -> {
            pass("/oauth2/token", (_, _) -> {
                throw new AssertionError("there is only one place");
            });
        });

        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeader("Retry-After")).isEqualTo("1");
        assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(response.getContentType()).isEqualTo("application/json");
        assertThat(response.getContentAsString()).startsWith("{\"error\":\"temporarily_unavailable\",");
        assertThat(metrics.get("gatehouse.overload.shed")
                        .tags("share", "token", "reason", "places")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
