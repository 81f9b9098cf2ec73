package dev.gatehouse.server.overload;

import dev.gatehouse.server.oauth.OAuthError;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Lets a request in, or answers 503 at once with the time after which to try again: when it has waited too long for a processor, or when all places
 * of its share are taken. A page may wait twice as long as a machine, and a revocation is never too late. A place is held neither while the
 * request's body is read, which is done by a filter before, nor while the answer is written: it must not be worth anything to send or to read slowly.
 */
final class AdmissionFilter extends HttpFilter {
    private static final byte[] BUSY =
            "{\"error\":\"%s\",\"error_description\":\"the server is busy: try again later\"}"
                    .formatted(OAuthError.TEMPORARILY_UNAVAILABLE.code())
                    .getBytes(StandardCharsets.UTF_8);

    private final transient Places places;

    private final transient MeterRegistry metrics;

    private final long longestWait;

    AdmissionFilter(Places places, Duration longestWait, MeterRegistry metrics) {
        this.places = places;
        this.longestWait = longestWait.toNanos();
        this.metrics = metrics;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long waited = WaitingLine.tooLong();
        Share share = Share.of(request.getServletPath());
        if (share == null) {
            chain.doFilter(request, response);
        } else if (isTooLate(share, waited)) {
            turnAway(share, "waited", response);
        } else if (!places.enter(share)) {
            turnAway(share, "places", response);
        } else {
            PlacedResponse placed = new PlacedResponse(response, places, share);
            try {
                chain.doFilter(request, placed);
            } finally {
                placed.leave();
            }
        }
    }

    private boolean isTooLate(Share share, long waited) {
        return switch (share) {
            case TOKEN, INTROSPECTION -> waited > 0;
            case PAGES -> waited > longestWait;
            case REVOCATION -> false;
        };
    }

    private void turnAway(Share share, String reason, HttpServletResponse response) throws IOException {
        metrics.counter("gatehouse.overload.shed", "share", share.name().toLowerCase(Locale.ROOT), "reason", reason)
                .increment();
        response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        if (share == Share.PAGES) {
            response.sendError(HttpStatus.SERVICE_UNAVAILABLE.value());
            return;
        }
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(BUSY);
    }
}
