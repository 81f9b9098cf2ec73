package dev.gatehouse.server.protocol;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.token.Grant;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Writes down how authorization requests ended. */
@Component
final class AuthorizationRecords {
    private static final String TYPE = "authorization";

    private final AuditLog auditLog;

    private final MeterRegistry meters;

    AuthorizationRecords(AuditLog auditLog, MeterRegistry meters) {
        this.auditLog = auditLog;
        this.meters = meters;
    }

    void granted(Grant grant) {
        auditLog.record(SecurityEvent.of(TYPE, SecurityEvent.SUCCESS)
                .with("client_id", grant.clientId())
                .with("sub", grant.accountId())
                .with("sid", grant.sid())
                .with("grant_id", grant.id())
                .with("scope", grant.scopes().toString()));
    }

    void refused(ReturnAddress returnTo, OAuthException refusal) {
        String reason = refusal.auditReason() == null ? refusal.description() : refusal.auditReason();
        count(refusal.error());
        auditLog.record(SecurityEvent.of(TYPE, refusal.error().code())
                .with("client_id", returnTo.client().id())
                .with("reason", reason));
    }

    /** What a stranger sends as a client id is not repeated. */
    void refused(NoReturnAddress refusal) {
        count(OAuthError.INVALID_REQUEST);
        auditLog.record(
                SecurityEvent.of(TYPE, OAuthError.INVALID_REQUEST.code()).with("reason", refusal.auditReason()));
    }

    private void count(OAuthError error) {
        meters.counter("gatehouse.refusals", "endpoint", "authorize", "error", error.code())
                .increment();
    }
}
