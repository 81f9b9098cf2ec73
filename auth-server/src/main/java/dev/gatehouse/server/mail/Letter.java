package dev.gatehouse.server.mail;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An e-mail to one person. Its words are messages: {@code mail.<name>.subject}, {@code mail.<name>.text}, and with a link
 * {@code mail.<name>.action}.
 *
 * @param to the address
 * @param language what it is written in
 * @param name which letter, for example {@code verify-email}
 * @param values {@code link}, an address to follow; {@code code}, to be typed in; all others fill the gaps {0}, {1}, ... of the
 *     text, in their order
 */
public record Letter(String to, Locale language, String name, Map<String, Object> values) {
    static final String LINK = "link";

    static final String CODE = "code";

    public Letter {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    Object[] arguments() {
        return values.entrySet().stream()
                .filter(value -> !value.getKey().equals(LINK) && !value.getKey().equals(CODE))
                .map(Map.Entry::getValue)
                .toArray();
    }

    /** Addresses, links and codes stay out of logs. */
    @Override
    public String toString() {
        return name;
    }
}
