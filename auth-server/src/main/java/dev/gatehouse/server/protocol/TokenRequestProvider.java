package dev.gatehouse.server.protocol;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/** The token endpoint: a limit for each client, then the grant that the request names. */
final class TokenRequestProvider implements AuthenticationProvider {
    /** What the audit log is told of a token. */
    private static final List<String> TOLD = List.of("client_id", "sub", "aud", "scope", "jti", "sid", "grant_id");

    private final Map<String, Counted> grants = new HashMap<>();

    private final RateLimiter limiter;

    private final ProtocolProperties properties;

    private final AuditLog auditLog;

    TokenRequestProvider(
            List<TokenGrant> grants,
            RateLimiter limiter,
            ProtocolProperties properties,
            AuditLog auditLog,
            MeterRegistry metrics) {
        for (TokenGrant grant : grants) {
            String name = grant.type().substring(grant.type().lastIndexOf(':') + 1);
            Counter issued = metrics.counter("gatehouse.tokens.issued", "grant", name);
            this.grants.put(grant.type(), new Counted(grant, name, issued));
        }
        this.limiter = limiter;
        this.properties = properties;
        this.auditLog = auditLog;
    }

    /** A grant with what counts its tokens. */
    private record Counted(TokenGrant grant, String name, Counter issued) {}

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
        Counted grant = grants.get(type);
        if (grant == null) {
            throw new OAuthException(OAuthError.UNSUPPORTED_GRANT_TYPE, "this grant_type is not supported");
        }
        if (!client.mayUse(type)) {
            throw new OAuthException(OAuthError.UNAUTHORIZED_CLIENT, "the client may not use this grant_type");
        }
        IssuedTokens tokens = grant.grant().issue(client, request.form(), request.moment());
        record(grant, tokens);
        return new TokenAnswer((Authentication) request.getPrincipal(), tokens);
    }

    private void limit(Client client) {
        if (client.rateLimited()
                && limiter.acquire(List.of(new Bucket(properties.client().limit(), client.id())))
                        instanceof Limited limited) {
            throw Refusal.tooMany(limited.retryAfter(), limited.limit().name());
        }
    }

    private void record(Counted grant, IssuedTokens tokens) {
        grant.issued().increment();
        Map<String, Object> claims = tokens.accessToken().claims();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("grant", grant.name());
        for (String claim : TOLD) {
            if (claims.get(claim) instanceof String value) {
                details.put(claim, value);
            }
        }
        auditLog.record(new SecurityEvent("token.issued", SecurityEvent.SUCCESS, details));
    }
}
