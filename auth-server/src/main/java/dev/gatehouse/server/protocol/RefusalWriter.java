package dev.gatehouse.server.protocol;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import tools.jackson.databind.json.JsonMapper;

/** Writes a refusal once: to the client as RFC 6749 section 5.2 says, to the audit log, and to the metrics. */
final class RefusalWriter implements AuthenticationFailureHandler {
    private final JsonMapper json;

    private final AuditLog auditLog;

    private final MeterRegistry metrics;

    RefusalWriter(JsonMapper json, AuditLog auditLog, MeterRegistry metrics) {
        this.json = json;
        this.auditLog = auditLog;
        this.metrics = metrics;
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        Refusal refusal = failure instanceof Refusal ours ? ours : Refusal.ofEngine();
        String endpoint =
                request.getServletPath().substring(request.getServletPath().lastIndexOf('/') + 1);
        record(endpoint, refusal);
        write(response, refusal);
        SecurityContextHolder.clearContext();
    }

    private void record(String endpoint, Refusal refusal) {
        String error = refusal.getError().getErrorCode();
        metrics.counter("gatehouse.refusals", "endpoint", endpoint, "error", error)
                .increment();
        Authentication client = SecurityContextHolder.getContext().getAuthentication();
        auditLog.record(SecurityEvent.of(endpoint, error)
                .with("client_id", client instanceof AuthenticatedClient ? client.getName() : null)
                .with(
                        "reason",
                        refusal.auditReason() == null ? refusal.getError().getDescription() : refusal.auditReason()));
    }

    private void write(HttpServletResponse response, Refusal refusal) throws IOException {
        response.setStatus(refusal.status().value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (refusal.status() == HttpStatus.UNAUTHORIZED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"gatehouse\", charset=\"UTF-8\"");
        }
        if (refusal.retryAfter() != null) {
            response.setHeader(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(
                            Math.max(1, refusal.retryAfter().plusMillis(999).toSeconds())));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", refusal.getError().getErrorCode());
        body.put("error_description", refusal.getError().getDescription());
        json.writeValue(response.getOutputStream(), body);
    }
}
