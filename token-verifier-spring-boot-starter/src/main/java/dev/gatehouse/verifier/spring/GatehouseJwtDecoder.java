package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.Refusal;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.VerifiedToken;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * The verifier as Spring Security's resource server knows it. A token that comes again becomes the same {@link Jwt}, in
 * which nothing can be changed. The claims have the types that Spring Security's own converter would give them; the
 * verifier has checked the types that they come with.
 */
final class GatehouseJwtDecoder implements JwtDecoder {

    private final TokenVerifier verifier;
    private final CurrentPolicy policy;

    GatehouseJwtDecoder(TokenVerifier verifier, CurrentPolicy policy) {
        this.verifier = verifier;
        this.policy = policy;
    }

    @Override
    public Jwt decode(String token) {
        return verifier.verify(token, policy.get())
                .fold(verified -> verified.as(Jwt.class, good -> jwt(token, good)), reason -> {
                    throw refusal(reason);
                });
    }

    private static Jwt jwt(String token, VerifiedToken verified) {
        Map<String, Object> claims = new HashMap<>(verified.claims());
        Instant issuedAt = time(claims, JwtClaimNames.IAT);
        Instant expiresAt = time(claims, JwtClaimNames.EXP);
        time(claims, JwtClaimNames.NBF);
        claims.put(JwtClaimNames.AUD, audience(claims.get(JwtClaimNames.AUD)));
        return new Jwt(token, issuedAt, expiresAt, verified.header(), claims);
    }

    private static @Nullable Instant time(Map<String, Object> claims, String name) {
        if (claims.get(name) instanceof Number seconds) {
            Instant time = Instant.ofEpochSecond(seconds.longValue());
            claims.put(name, time);
            return time;
        }
        claims.remove(name);
        return null;
    }

    private static List<String> audience(@Nullable Object audience) {
        return audience instanceof Collection<?> many
                ? many.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(audience));
    }

    /** Which check failed first is told to the metrics only. */
    private static JwtException refusal(Refusal reason) {
        if (reason.isTemporary()) {
            return new VerificationUnavailableException(reason);
        }
        return new BadJwtException(
                switch (reason) {
                    case EXPIRED -> "The access token has expired";
                    case REVOKED -> "The access token was revoked";
                    default -> "The access token is not valid";
                });
    }
}
