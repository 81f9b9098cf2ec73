package dev.gatehouse.server.audit;

/** Where security events go. */
public interface AuditLog {
    void record(SecurityEvent event);
}
