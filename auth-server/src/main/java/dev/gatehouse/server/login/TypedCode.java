package dev.gatehouse.server.login;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** A code as people type it: in groups, in any case. */
public final class TypedCode {
    private static final int LONGEST = 64;

    private TypedCode() {}

    /** Without spaces and hyphens; nothing when it is missing, sent twice, or too long for any code. */
    public static Optional<String> of(HttpServletRequest request) {
        String[] values = request.getParameterValues("code");
        if (values == null || values.length != 1 || values[0].length() > LONGEST) {
            return Optional.empty();
        }
        String code = values[0].replaceAll("[\\s-]", "");
        return code.isEmpty() ? Optional.empty() : Optional.of(code);
    }
}
