package dev.gatehouse.server.client;

import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Scopes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registered client, RFC 7591 section 2.
 *
 * @param id never in the form of a UUID, which is the form of a person's {@code sub}
 * @param authentication how it authenticates; {@link AuthenticationMethod#NONE} makes it a public client
 * @param grants grant types as registered, for example {@code authorization_code}
 * @param scopes what it may ask for
 * @param audience the API that its tokens are for when the request names no resource
 * @param consent whether the person is asked before the first token
 * @param requirePkce whether a code needs a {@code code_challenge}; always true for a public client
 * @param serves the audiences that this client is the resource server of: tokens for these are meant for it
 * @param exchange token exchange: which scopes each scope of the subject token entitles to at another API
 * @param rateLimited whether the token endpoint limits it
 * @param idTokenAlgorithm what its ID tokens are signed by; the standard algorithm when absent
 * @param requireSecondFactor whether it gets tokens only for a login by more than one factor
 * @param backchannelLogoutUri where it is told that a login has ended, OpenID Connect Back-Channel Logout section 2.2
 * @param backchannelLogoutSessionRequired whether it needs the {@code sid} then, which it gets in any case
 */
public record Client(
        String id,
        String name,
        AuthenticationMethod authentication,
        Set<String> grants,
        List<String> redirectUris,
        List<String> postLogoutRedirectUris,
        Scopes scopes,
        @Nullable String audience,
        boolean consent,
        boolean requirePkce,
        Set<String> serves,
        Map<String, Scopes> exchange,
        boolean rateLimited,
        @Nullable SigningAlgorithm idTokenAlgorithm,
        boolean requireSecondFactor,
        @Nullable String backchannelLogoutUri,
        boolean backchannelLogoutSessionRequired) {

    public static final String AUTHORIZATION_CODE = "authorization_code";
    public static final String REFRESH_TOKEN = "refresh_token";
    public static final String CLIENT_CREDENTIALS = "client_credentials";
    public static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

    public Client {
        grants = Set.copyOf(grants);
        redirectUris = List.copyOf(redirectUris);
        postLogoutRedirectUris = List.copyOf(postLogoutRedirectUris);
        serves = Set.copyOf(serves);
        exchange = Map.copyOf(exchange);
        if (authentication == AuthenticationMethod.NONE) {
            requirePkce = true;
        }
    }

    public boolean isPublic() {
        return authentication == AuthenticationMethod.NONE;
    }

    public boolean mayUse(String grantType) {
        return grants.contains(grantType);
    }
}
