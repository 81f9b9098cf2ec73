package dev.gatehouse.server.login;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** What is said to somebody whose password was not checked. */
record Refusal(HttpStatus status, long retryAfterSeconds, Notice notice) {
    /** There is no processor for it. */
    static final Refusal BUSY = new Refusal(HttpStatus.SERVICE_UNAVAILABLE, 2, Notice.of("login.busy"));

    /** Too many failed before. */
    static Refusal limited(Duration retryAfter) {
        return new Refusal(HttpStatus.TOO_MANY_REQUESTS, Notice.seconds(retryAfter), Notice.limited(retryAfter));
    }

    void writeRetryAfter(HttpServletResponse response) {
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds));
    }
}
