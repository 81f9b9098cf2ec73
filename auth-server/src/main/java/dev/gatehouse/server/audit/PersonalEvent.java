package dev.gatehouse.server.audit;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A security event as it is told to the person whom it is about. */
public record PersonalEvent(
        Instant at,
        String type,
        String outcome,
        @Nullable String clientId,
        @Nullable String address,
        Map<String, String> details) {
    public PersonalEvent {
        details = Map.copyOf(details);
    }
}
