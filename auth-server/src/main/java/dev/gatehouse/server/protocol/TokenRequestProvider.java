package dev.gatehouse.server.protocol;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import dev.gatehouse.server.token.AccessToken;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;

/** The token endpoint: a limit for each client, then the grant that the request names. */
final class TokenRequestProvider implements AuthenticationProvider {
    private final Map<String, TokenGrant> grants = new HashMap<>();

    private final RateLimiter limiter;

    private final ProtocolProperties properties;

    private final AuditLog auditLog;

    private final MeterRegistry metrics;

    TokenRequestProvider(
            List<TokenGrant> grants,
            RateLimiter limiter,
            ProtocolProperties properties,
            AuditLog auditLog,
            MeterRegistry metrics) {
        grants.forEach(grant -> this.grants.put(grant.type(), grant));
        this.limiter = limiter;
        this.properties = properties;
        this.auditLog = auditLog;
        this.metrics = metrics;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return TokenRequest.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        TokenRequest request = (TokenRequest) authentication;
        return Refusal.orResult(() -> answer(request));
    }

    private Authentication answer(TokenRequest request) {
        Client client = request.client();
        limit(client);
        String type = request.form().require("grant_type");
        TokenGrant grant = grants.get(type);
        if (grant == null) {
            throw new OAuthException(OAuthError.UNSUPPORTED_GRANT_TYPE, "this grant_type is not supported");
        }
        if (!client.mayUse(type)) {
            throw new OAuthException(OAuthError.UNAUTHORIZED_CLIENT, "the client may not use this grant_type");
        }
        IssuedTokens tokens = grant.issue(client, request.form(), request.moment());
        record(type, tokens);
        return answer(request, tokens);
    }

    private void limit(Client client) {
        if (client.rateLimited()
                && limiter.acquire(List.of(new Bucket(properties.client().limit(), client.id())))
                        instanceof Limited limited) {
            throw Refusal.tooMany(limited.retryAfter(), limited.limit().name());
        }
    }

    private void record(String type, IssuedTokens tokens) {
        String grant = type.substring(type.lastIndexOf(':') + 1);
        metrics.counter("gatehouse.tokens.issued", "grant", grant).increment();
        Map<String, Object> claims = tokens.accessToken().claims();
        SecurityEvent event =
                SecurityEvent.of("token.issued", SecurityEvent.SUCCESS).with("grant", grant);
        for (String claim : List.of("client_id", "sub", "aud", "scope", "jti", "sid", "grant_id")) {
            event = event.with(claim, (String) claims.get(claim));
        }
        auditLog.record(event);
    }

    private static Authentication answer(TokenRequest request, IssuedTokens tokens) {
        AccessToken issued = tokens.accessToken();
        Map<String, Object> more = new LinkedHashMap<>();
        if (tokens.idToken() != null) {
            more.put("id_token", tokens.idToken().value());
        }
        if (tokens.issuedTokenType() != null) {
            more.put("issued_token_type", tokens.issuedTokenType());
        }
        return new OAuth2AccessTokenAuthenticationToken(
                EngineClients.registered(request.client()),
                (Authentication) request.getPrincipal(),
                new OAuth2AccessToken(
                        OAuth2AccessToken.TokenType.BEARER,
                        issued.value().value(),
                        issued.issuedAt(),
                        issued.expiresAt(),
                        issued.scopes().values()),
                tokens.refreshToken() == null
                        ? null
                        : new OAuth2RefreshToken(tokens.refreshToken().value(), issued.issuedAt()),
                more);
    }
}
