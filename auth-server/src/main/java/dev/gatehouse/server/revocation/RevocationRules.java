package dev.gatehouse.server.revocation;

import dev.gatehouse.server.token.AccessTokenClaims;

/** The rules in force, as this issuer knows them. */
public interface RevocationRules {
    boolean refuses(AccessTokenClaims token);
}
