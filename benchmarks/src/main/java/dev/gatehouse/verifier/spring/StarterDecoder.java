package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.StalenessPolicy;
import dev.gatehouse.verifier.TokenVerifier;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** The decoder that the starter gives to Spring Security. */
public final class StarterDecoder {

    private StarterDecoder() {}

    public static JwtDecoder of(TokenVerifier verifier) {
        return new GatehouseJwtDecoder(verifier, new CurrentPolicy(StalenessPolicy.CLOSED));
    }
}
