package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Text that has to be a JSON object. The library's parser takes {@code null} and arrays of pairs for one as well. */
final class JsonObject {

    private JsonObject() {}

    static Map<String, Object> parse(String text) throws ParseException {
        if (!text.stripLeading().startsWith("{")) {
            throw new ParseException("no JSON object", 0);
        }
        return JSONObjectUtils.parse(text);
    }

    /** The same members, which nobody can change, however deep. */
    static Map<String, Object> frozen(Map<?, ?> members) {
        Map<String, Object> copy = new LinkedHashMap<>();
        members.forEach((name, value) -> copy.put(String.valueOf(name), frozenValue(value)));
        return Collections.unmodifiableMap(copy);
    }

    @SuppressWarnings("NullAway") // JSON knows null
    private static Object frozenValue(Object value) {
        if (value instanceof Map<?, ?> members) {
            return frozen(members);
        }
        return value instanceof List<?> elements
                ? elements.stream().map(JsonObject::frozenValue).toList()
                : value;
    }
}
