package dev.gatehouse.server.audit;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes each event as one line of the logger {@code gatehouse.audit}, its details as key-value pairs. Values come from
 * outside: a character that could end the line, colour a terminal or turn the text round is written as its code.
 */
final class AuditLogger {
    private static final Logger log = LoggerFactory.getLogger("gatehouse.audit");

    private static final int LONGEST = 256;

    void record(SecurityEvent event) {
        String type = harmless(event.type());
        String outcome = harmless(event.outcome());
        LoggingEventBuilder line = log.atInfo().addKeyValue("event", type).addKeyValue("outcome", outcome);
        for (Map.Entry<String, String> detail : event.details().entrySet()) {
            line = line.addKeyValue(harmless(detail.getKey()), harmless(detail.getValue()));
        }
        line.log("{}: {}", type, outcome);
    }

    private static String harmless(String text) {
        return isPlain(text) ? text : madeHarmless(text);
    }

    /** Nearly every value is, and need not be copied. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return text.length() <= LONGEST;
    }

    private static String madeHarmless(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (isHarmless(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append(String.format("\\u%04x", c));
            }
        });
        return text.length() > LONGEST && text.codePointCount(0, text.length()) > LONGEST
                ? safe.append('…').toString()
                : safe.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
