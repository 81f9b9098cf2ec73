package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
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
}
