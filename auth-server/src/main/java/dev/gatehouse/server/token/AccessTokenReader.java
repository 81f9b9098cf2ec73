package dev.gatehouse.server.token;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.token.AccessTokenClaims.Origin;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the claims of a token that is known to be ours. */
final class AccessTokenReader {
    private AccessTokenReader() {}

    /** Empty when a claim that every access token of ours has is missing. */
    static Optional<AccessTokenClaims> read(JWSObject jws) throws ParseException {
        Map<String, Object> all = jws.getPayload().toJSONObject();
        if (all == null) {
            return Optional.empty();
        }
        JWTClaimsSet claims = JWTClaimsSet.parse(all);
        if (claims.getJWTID() == null
                || claims.getSubject() == null
                || claims.getExpirationTime() == null
                || claims.getIssueTime() == null
                || claims.getStringClaim("client_id") == null) {
            return Optional.empty();
        }
        String scope = claims.getStringClaim("scope");
        String rev = claims.getStringClaim("rev");
        return Optional.of(new AccessTokenClaims(
                claims.getJWTID(),
                jws.getHeader().getKeyID(),
                claims.getSubject(),
                claims.getStringClaim("client_id"),
                claims.getAudience(),
                Scopes.parse(scope == null ? "" : scope),
                claims.getIssueTime().toInstant(),
                claims.getExpirationTime().toInstant(),
                claims.getStringClaim("sid"),
                claims.getStringClaim("grant_id"),
                rev == null ? "" : rev,
                origins(claims),
                Collections.unmodifiableMap(all)));
    }

    private static List<Origin> origins(JWTClaimsSet claims) throws ParseException {
        List<Origin> origins = new ArrayList<>();
        List<Object> elements = claims.getListClaim("origin");
        for (Object element : elements == null ? List.of() : elements) {
            if (!(element instanceof Map<?, ?> origin)) {
                throw new ParseException("origin is not a list of objects", 0);
            }
            origins.add(new Origin(text(origin, "jti"), text(origin, "client_id"), text(origin, "kid")));
        }
        return origins;
    }

    private static String text(Map<?, ?> origin, String member) throws ParseException {
        if (!(origin.get(member) instanceof String text)) {
            throw new ParseException("an origin lacks its " + member, 0);
        }
        return text;
    }
}
