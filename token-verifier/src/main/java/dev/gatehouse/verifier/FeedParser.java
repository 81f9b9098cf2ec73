package dev.gatehouse.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events out of bytes, as the WHATWG's HTML standard section 9.2.6 says: lines end in CR, LF or both, an
 * empty line ends an event, lines that begin with a colon and unknown fields are ignored. A line or an event that is
 * longer than anything an issuer sends is an error, so that a hostile stream cannot fill the memory.
 */
final class FeedParser {

    static final int LIMIT = 64 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean first = true;
    private boolean afterCarriageReturn;
    private @Nullable String id;
    private String type = "";
    private final StringBuilder data = new StringBuilder();
    private boolean hasData;

    /** The events that the bytes complete. */
    List<FeedEvent> parse(ByteBuffer bytes) throws IOException {
        List<FeedEvent> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
            } else if (b == '\n' || b == '\r') {
                afterCarriageReturn = b == '\r';
                endLine(events);
            } else {
                afterCarriageReturn = false;
                if (line.size() == LIMIT) {
                    throw new IOException("a line of the feed is longer than " + LIMIT + " bytes");
                }
                line.write(b);
            }
        }
        return events;
    }

    private void endLine(List<FeedEvent> events) throws IOException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        if (text.isEmpty()) {
            endEvent(events);
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        accept(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void accept(String field, String value) throws IOException {
        switch (field) {
            case "id" -> id = value;
            case "event" -> type = value;
            case "data" -> {
                if (data.length() + value.length() > LIMIT) {
                    throw new IOException("an event of the feed is longer than " + LIMIT + " characters");
                }
                data.append(hasData ? "\n" : "").append(value);
                hasData = true;
            }
            default -> {}
        }
    }

    private void endEvent(List<FeedEvent> events) {
        if (hasData) {
            events.add(new FeedEvent(id, type.isEmpty() ? "message" : type, data.toString()));
        }
        id = null;
        type = "";
        data.setLength(0);
        hasData = false;
    }
}
