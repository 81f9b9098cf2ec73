package dev.gatehouse.server.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that matters to security: what happened, how it ended, and to whom. Never holds a secret.
 *
 * @param type what happened, in dotted words, for example {@code token.issued} or {@code login}
 * @param outcome {@code success}, or the reason of the refusal in a few fixed words
 * @param details who and what: {@code client_id}, {@code sub}, {@code sid}, {@code address}, {@code grant}, ...
 */
public record SecurityEvent(String type, String outcome, Map<String, String> details) {
    public static final String SUCCESS = "success";

    public SecurityEvent {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    public static SecurityEvent of(String type, String outcome) {
        return new SecurityEvent(type, outcome, Map.of());
    }

    /** The same event with one more detail; an absent value adds nothing. */
    public SecurityEvent with(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new SecurityEvent(type, outcome, more);
    }
}
