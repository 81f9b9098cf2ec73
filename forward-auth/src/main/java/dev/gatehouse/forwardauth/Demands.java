package dev.gatehouse.forwardauth;

import dev.gatehouse.verifier.VerifiedToken;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that a token must have, from each parameter named "scope" of the address that the proxy asks. Whoever can
 * add one can only ask for more.
 */
record Demands(Set<String> scopes) {
    private static final String SCOPE = "scope=";

    /** @throws IllegalArgumentException when the query cannot be decoded */
    static Demands of(@Nullable String query) {
        return new Demands(Arrays.stream(query == null ? new String[0] : query.split("&"))
                .filter(parameter -> parameter.startsWith(SCOPE))
                .map(parameter -> URLDecoder.decode(parameter.substring(SCOPE.length()), StandardCharsets.UTF_8))
                .flatMap(scopes -> Arrays.stream(scopes.split(" ")))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
    }

    boolean areMetBy(VerifiedToken token) {
        return scopes.isEmpty() || List.of(scope(token).split(" ")).containsAll(scopes);
    }

    static String scope(VerifiedToken token) {
        return token.claims().get("scope") instanceof String text ? text : "";
    }
}
