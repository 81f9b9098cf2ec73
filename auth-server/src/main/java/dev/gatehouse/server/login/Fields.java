package dev.gatehouse.server.login;

import dev.gatehouse.server.oauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Fields of our own forms. */
public final class Fields {
    private static final int LONGEST = 512;

    private Fields() {}

    /** The field's value, when it is given once and no browser would send more. */
    public static Optional<String> single(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        return values == null || values.length != 1 || values[0].length() > LONGEST
                ? Optional.empty()
                : Optional.of(values[0]);
    }

    static Secret token(HttpServletRequest request) {
        return new Secret(single(request, "token").orElse(""));
    }
}
