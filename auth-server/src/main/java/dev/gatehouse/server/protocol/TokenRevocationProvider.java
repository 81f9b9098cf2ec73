package dev.gatehouse.server.protocol;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.revocation.LogPosition;
import dev.gatehouse.server.revocation.Revocations;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.RefreshTokens;
import dev.gatehouse.server.token.RefreshTokens.Presented;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;

/**
 * Token revocation, RFC 7009: of a refresh token it ends the family and its access tokens, of an access token that token.
 * The answer comes when the rule stands in the log. A token that is unknown needs no revoking.
 */
final class TokenRevocationProvider implements AuthenticationProvider {
    private final RefreshTokens refreshTokens;

    private final AccessTokens accessTokens;

    private final Revocations revocations;

    private final AuditLog auditLog;

    TokenRevocationProvider(
            RefreshTokens refreshTokens, AccessTokens accessTokens, Revocations revocations, AuditLog auditLog) {
        this.refreshTokens = refreshTokens;
        this.accessTokens = accessTokens;
        this.revocations = revocations;
        this.auditLog = auditLog;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2TokenRevocationAuthenticationToken.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2TokenRevocationAuthenticationToken request = (OAuth2TokenRevocationAuthenticationToken) authentication;
        return Refusal.orResult(() -> {
            revoke(request.getToken(), ((AuthenticatedClient) request.getPrincipal()).client())
                    .ifPresent(request::setDetails);
            return request;
        });
    }

    private Optional<LogPosition> revoke(String token, Client client) {
        Optional<Grant> grant = refreshTokens.find(token).map(Presented::grant);
        if (grant.isPresent()) {
            requireOwner(client, grant.get().clientId());
            LogPosition position = revocations.revokeGrant(grant.get().id());
            record(client, "grant_id", grant.get().id());
            return Optional.of(position);
        }
        Optional<AccessTokenClaims> claims = accessTokens.read(token);
        if (claims.isPresent()) {
            requireOwner(client, claims.get().clientId());
            LogPosition position =
                    revocations.revokeToken(claims.get().jti(), claims.get().expiresAt());
            record(client, "jti", claims.get().jti());
            return Optional.of(position);
        }
        return Optional.empty();
    }

    private static void requireOwner(Client client, String owner) {
        if (!client.id().equals(owner)) {
            throw new OAuthException(OAuthError.UNAUTHORIZED_CLIENT, "the token was issued to another client");
        }
    }

    private void record(Client client, String kind, String value) {
        auditLog.record(SecurityEvent.of("token.revoked", SecurityEvent.SUCCESS)
                .with("client_id", client.id())
                .with(kind, value));
    }
}
