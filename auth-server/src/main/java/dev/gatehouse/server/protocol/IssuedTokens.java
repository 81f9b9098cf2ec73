package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AccessToken;
import org.jspecify.annotations.Nullable;

/** What the token endpoint answers, RFC 6749 section 5.1. */
record IssuedTokens(
        AccessToken accessToken,
        @Nullable Secret refreshToken,
        @Nullable Secret idToken,
        @Nullable String issuedTokenType) {
    static IssuedTokens of(AccessToken accessToken) {
        return new IssuedTokens(accessToken, null, null, null);
    }
}
