package dev.gatehouse.server.login;

import dev.gatehouse.server.oauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Fields of our own forms. */
public final class Fields {
    private static final int LONGEST = 512;

    /** An RSA key and what comes with it take some 2,000 characters. */
    private static final int LONGEST_CREDENTIAL = 8192;

    private Fields() {}

    /** The field's value, when it is given once and no browser would send more. */
    public static Optional<String> single(HttpServletRequest request, String name) {
        return single(request, name, LONGEST);
    }

    /** What the browser brings from an authenticator; nothing when it waited too long to ask one. */
    public static Optional<String> credential(HttpServletRequest request) {
        return single(request, "credential", LONGEST_CREDENTIAL).filter(credential -> !credential.isEmpty());
    }

    private static Optional<String> single(HttpServletRequest request, String name, int longest) {
        String[] values = request.getParameterValues(name);
        return values == null || values.length != 1 || values[0].length() > longest
                ? Optional.empty()
                : Optional.of(values[0]);
    }

    static Secret token(HttpServletRequest request) {
        return new Secret(single(request, "token").orElse(""));
    }
}
