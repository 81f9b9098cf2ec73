package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.util.Optional;

/** Issues and reads access tokens. */
public interface AccessTokens {
    /** A fresh, unguessable {@code jti}. */
    String newJti();

    /** The {@code jti} of the access token that goes with a refresh token: for the same token, API and scopes the same. */
    String jtiBeside(Secret refreshToken, String audience, Scopes scopes);

    /** The present, as a token's {@code iat} and {@code rev} say it. */
    IssueMoment now();

    /** Issues a token. The same request gives the same token: to the letter
     * by RS256 and EdDSA, in all but the signature by PS256 and ES256, which are random. */
    AccessToken issue(AccessTokenRequest request);

    /** The claims, when the token is one of ours, well signed, of type {@code at+jwt} and not expired. */
    Optional<AccessTokenClaims> read(String token);
}
