package dev.gatehouse.server.protocol;

import dev.gatehouse.server.protocol.IdTokens.Hint;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log-out request that is in order, OpenID Connect RP-Initiated Logout 1.0 section 2.
 *
 * @param clientId who asks, by its word or by its ID token
 * @param redirectUri where the browser goes afterwards: certainly the client's
 */
record LogoutRequest(
        @Nullable Hint hint,
        @Nullable String clientId,
        @Nullable String redirectUri,
        @Nullable String state) {

    /** Where the browser goes when all is done; null when a page of ours says so. */
    @Nullable
    String target() {
        if (redirectUri == null || state == null) {
            return redirectUri;
        }
        return redirectUri + (redirectUri.indexOf('?') < 0 ? '?' : '&') + ReturnAddress.encode(Map.of("state", state));
    }

    /** The parameters that bring the same request again, without the ID token. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        put(parameters, "client_id", clientId);
        put(parameters, "post_logout_redirect_uri", redirectUri);
        put(parameters, "state", state);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
