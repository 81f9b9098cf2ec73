package dev.gatehouse.verifier;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a verifier was built with. */
record VerifierSettings(
        String issuer,
        String audience,
        URI issuerLocation,
        @Nullable URI jwkSetUri,
        boolean plainHttpAllowed,
        Set<JWSAlgorithm> algorithms,
        Duration clockSkew,
        Duration stalenessBound,
        StalenessPolicy stalenessPolicy,
        Duration introspectionTimeout,
        Duration unknownKeyCoolDown,
        int maxTokenLength,
        long cacheSize) {}
