package dev.gatehouse.server.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept of the security events in PostgreSQL. The log has a line for each, whatever is set here.
 *
 * @param retention how long they are kept; zero keeps none
 * @param clientTokens whether the tokens that clients get for themselves are kept too: with many of them, most of the table
 */
@ConfigurationProperties("gatehouse.audit")
record AuditProperties(
        @DefaultValue("180d") Duration retention,
        @DefaultValue("true") boolean clientTokens) {
    AuditProperties {
        if (retention.isNegative() || retention.compareTo(Duration.ofDays(3660)) > 0) {
            throw new IllegalArgumentException("gatehouse.audit.retention must be between 0 and 3660d");
        }
    }
}
