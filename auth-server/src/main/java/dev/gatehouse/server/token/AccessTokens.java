package dev.gatehouse.server.token;

import java.util.Optional;

/** Issues and reads access tokens. */
public interface AccessTokens {
    /** A fresh, unguessable {@code jti}. */
    String newJti();

    AccessToken issue(AccessTokenRequest request);

    /** The claims, when the token is one of ours, well signed, of type {@code at+jwt} and not expired. */
    Optional<AccessTokenClaims> read(String token);
}
