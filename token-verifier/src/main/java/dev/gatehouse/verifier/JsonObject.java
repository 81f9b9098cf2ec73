package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text that has to be a JSON object. The library's parser takes the word {@code null} for one and answers with none. */
final class JsonObject {

    private JsonObject() {}

    static Map<String, Object> parse(String text) throws ParseException {
        @Nullable Map<String, Object> members = JSONObjectUtils.parse(text);
        if (members == null) {
            throw new ParseException("no JSON object", 0);
        }
        return members;
    }
}
