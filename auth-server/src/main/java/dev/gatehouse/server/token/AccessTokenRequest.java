package dev.gatehouse.server.token;

import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Scopes;
import org.jspecify.annotations.Nullable;

/**
 * What an access token is to say.
 *
 * @param jti its identifier, chosen before it is issued so that it can be revoked by whoever claims its code again
 * @param moment what its {@code iat} and {@code rev} say
 * @param algorithm what it is signed by; the standard algorithm when absent
 * @param person absent for a client that acts for itself
 * @param grantId the refresh token family that it belongs to
 * @param exchangedFrom the token that it was exchanged for, RFC 8693
 */
public record AccessTokenRequest(
        String jti,
        IssueMoment moment,
        String subject,
        String clientId,
        String audience,
        Scopes scopes,
        @Nullable SigningAlgorithm algorithm,
        @Nullable Person person,
        @Nullable String grantId,
        @Nullable AccessTokenClaims exchangedFrom) {}
