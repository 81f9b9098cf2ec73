package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.RefreshTokens;
import dev.gatehouse.server.token.RefreshTokens.Presented;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationToken;

/**
 * Token introspection, RFC 7662, from the same rules that the feed carries. Any resource server may ask of an access token;
 * a refresh token is active only for the client that holds it.
 */
final class TokenIntrospectionProvider implements AuthenticationProvider {
    private final AccessTokens accessTokens;

    private final RefreshTokens refreshTokens;

    private final RevocationRules rules;

    private final Accounts accounts;

    private final Issuer issuer;

    TokenIntrospectionProvider(
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            RevocationRules rules,
            Accounts accounts,
            Issuer issuer) {
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.rules = rules;
        this.accounts = accounts;
        this.issuer = issuer;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2TokenIntrospectionAuthenticationToken.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2TokenIntrospectionAuthenticationToken request =
                (OAuth2TokenIntrospectionAuthenticationToken) authentication;
        return Refusal.orResult(
                () -> introspect(request.getToken(), ((AuthenticatedClient) request.getPrincipal()).client()));
    }

    private Introspection introspect(String token, Client client) {
        if (client.isPublic()) {
            throw new OAuthException(
                    OAuthError.INVALID_CLIENT, "introspection is for clients that authenticate", "public client");
        }
        if (!rules.isCurrent()) {
            throw new OAuthException(OAuthError.TEMPORARILY_UNAVAILABLE, "the revocation log is out of reach");
        }
        Optional<AccessTokenClaims> claims = accessTokens.read(token);
        if (claims.isPresent()) {
            return rules.refuses(claims.get()) ? Introspection.INACTIVE : active(claims.get());
        }
        return refreshTokens
                .find(token)
                .filter(Presented::current)
                .filter(presented -> presented.grant().clientId().equals(client.id()))
                .map(this::active)
                .orElse(Introspection.INACTIVE);
    }

    private Introspection active(AccessTokenClaims claims) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        answer.putAll(claims.all());
        answer.put("token_type", "Bearer");
        if (!claims.subject().equals(claims.clientId())) {
            accounts.findById(claims.subject()).map(Account::username).ifPresent(name -> answer.put("username", name));
        }
        return new Introspection(answer);
    }

    private Introspection active(Presented presented) {
        Grant grant = presented.grant();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        answer.put("iss", issuer.value());
        answer.put("sub", grant.accountId());
        answer.put("client_id", grant.clientId());
        answer.put("scope", grant.scopes().toString());
        answer.put("iat", presented.issuedAt().getEpochSecond());
        answer.put("exp", presented.expiresAt().getEpochSecond());
        answer.put("grant_id", grant.id());
        return new Introspection(answer);
    }
}
