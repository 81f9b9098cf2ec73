package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.time.Instant;
import java.util.Map;

/** A signed access token, RFC 9068, as it was just issued. */
public record AccessToken(
        Secret value, String jti, Instant issuedAt, Instant expiresAt, Scopes scopes, Map<String, Object> claims) {}
