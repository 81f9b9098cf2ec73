package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request that a browser brings, as they came; one without a value counts as omitted, RFC 6749 section 3.1. */
record RequestParameters(Map<String, List<String>> all) {
    private static final String RESOURCE = "resource";

    static RequestParameters of(HttpServletRequest request) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            List<String> present =
                    List.of(values).stream().filter(value -> !value.isEmpty()).toList();
            if (!present.isEmpty()) {
                all.put(name, present);
            }
        });
        return new RequestParameters(all);
    }

    /** The one value of a parameter, or null when it is omitted or given more than once. */
    @Nullable
    String single(String name) {
        List<String> values = all.getOrDefault(name, List.of());
        return values.size() == 1 ? values.getFirst() : null;
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    /** The {@code resource} parameters, the only ones that may be repeated: RFC 8707 section 2. */
    List<String> resources() {
        return all.getOrDefault(RESOURCE, List.of());
    }

    void refuseRepeated() {
        all.forEach((name, values) -> {
            if (values.size() > 1 && !name.equals(RESOURCE)) {
                throw new OAuthException(OAuthError.INVALID_REQUEST, "a parameter is given more than once");
            }
        });
    }
}
