package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims of an access token of ours whose signature, issuer and expiry have been checked. Whether it is revoked is
 * another question: see the revocation package.
 *
 * @param kid the key that signed it
 * @param issuedAtPosition the {@code rev} claim: the revocation log's position when it was issued, {@code epoch-seq}
 * @param origin the tokens that it was exchanged from, nearest first; what revokes one of them revokes this one
 * @param all every claim by name
 */
public record AccessTokenClaims(
        String jti,
        String kid,
        String subject,
        String clientId,
        List<String> audience,
        Scopes scopes,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable String sid,
        @Nullable String grantId,
        String issuedAtPosition,
        List<Origin> origin,
        Map<String, Object> all) {

    /** One token in the line that an exchanged token descends from. */
    public record Origin(String jti, String clientId, String kid) {}
}
