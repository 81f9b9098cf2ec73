package dev.gatehouse.server.mail;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An e-mail to one person.
 *
 * @param to the address
 * @param language what it is written in
 * @param template its name, for example {@code verify-email}: the templates {@code mail/<name>.html} and {@code .txt}, and the
 *     subject under {@code mail.<name>.subject} in the messages
 * @param values what the templates need
 */
public record Letter(String to, Locale language, String template, Map<String, Object> values) {
    public Letter {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Addresses, links and codes stay out of logs. */
    @Override
    public String toString() {
        return template;
    }
}
