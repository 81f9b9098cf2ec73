package dev.gatehouse.server.client;

import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Scopes;
import org.jspecify.annotations.Nullable;

/**
 * A resource server's API.
 *
 * @param audience the {@code aud} of its tokens and the {@code resource} that names it, RFC 8707: an absolute URI
 * @param scopes the scopes that it takes
 * @param signingAlgorithm what its tokens are signed by; the standard algorithm when absent
 * @param texts what its scopes mean, for the people who are asked for them
 */
public record Api(String audience, Scopes scopes, @Nullable SigningAlgorithm signingAlgorithm, ScopeTexts texts) {
    /** What a token must say to be good for the issuer's admin API. */
    public static final String ADMIN_SCOPE = "gatehouse.admin";

    public Api(String audience, Scopes scopes, @Nullable SigningAlgorithm signingAlgorithm) {
        this(audience, scopes, signingAlgorithm, ScopeTexts.NONE);
    }
}
