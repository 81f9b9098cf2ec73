package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.Refusal;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.VerifiedToken;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;

/**
 * The verifier as Spring Security's resource server knows it. A token that comes again becomes the same {@link Jwt}, in
 * which nothing can be changed.
 */
final class GatehouseJwtDecoder implements JwtDecoder {

    private final TokenVerifier verifier;
    private final CurrentPolicy policy;
    private final Converter<Map<String, Object>, Map<String, Object>> claims =
            MappedJwtClaimSetConverter.withDefaults(Map.of());

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

    private Jwt jwt(String token, VerifiedToken verified) {
        return Jwt.withTokenValue(token)
                .headers(headers -> headers.putAll(verified.header()))
                .claims(into -> {
                    into.putAll(claims.convert(verified.claims()));
                    into.replaceAll((name, value) -> unchangeable(value));
                })
                .build();
    }

    /** What the converters have made anew is a list at most; the rest cannot be changed already. */
    private static Object unchangeable(Object value) {
        return value instanceof List<?> list ? Collections.unmodifiableList(list) : value;
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
