package dev.gatehouse.server.audit;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The events: in the log, and in PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
    @Bean
    StoredEvents storedEvents(JdbcClient jdbc, AuditProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new StoredEvents(new SecurityEventTable(jdbc), properties, clock, metrics);
    }

    @Bean
    AuditLog auditLog(StoredEvents stored) {
        AuditLogger log = new AuditLogger();
        return event -> {
            log.record(event);
            stored.add(event);
        };
    }
}
