package dev.gatehouse.server.overload;

import dev.gatehouse.server.oauth.OAuthError;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** Says 503 and when to try again, in JSON to machines and on a page to people, and counts it. */
final class Refusals {
    private static final byte[] BUSY =
            "{\"error\":\"%s\",\"error_description\":\"the server is busy: try again later\"}"
                    .formatted(OAuthError.TEMPORARILY_UNAVAILABLE.code())
                    .getBytes(StandardCharsets.UTF_8);

    private final MeterRegistry metrics;

    Refusals(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void refuse(Share share, String reason, HttpServletResponse response) throws IOException {
        metrics.counter("gatehouse.overload.shed", "share", share.name().toLowerCase(Locale.ROOT), "reason", reason)
                .increment();
        response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        if (share == Share.PAGES) {
            response.sendError(HttpStatus.SERVICE_UNAVAILABLE.value());
            return;
        }
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(BUSY);
    }
}
