package dev.gatehouse.server.keys;

import com.nimbusds.jose.JWSAlgorithm;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The algorithms that tokens may be signed with: RFC 7518 sections 3.3 to 3.5, and Ed25519 of RFC 8037 section 3.1. */
public enum SigningAlgorithm {
    RS256("RS256", "RSA", "SHA256withRSA"),
    PS256("PS256", "RSA", "RSASSA-PSS"),
    ES256("ES256", "EC", "SHA256withECDSAinP1363Format"),
    EDDSA("EdDSA", "Ed25519", "Ed25519");

    private final String value;

    private final String keyAlgorithm;

    private final String signatureAlgorithm;

    SigningAlgorithm(String value, String keyAlgorithm, String signatureAlgorithm) {
        this.value = value;
        this.keyAlgorithm = keyAlgorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    /** As it stands in a header's {@code alg}, for example {@code EdDSA}. */
    public String value() {
        return value;
    }

    /** The algorithm with the value, if it is one of these. */
    public static Optional<SigningAlgorithm> of(String value) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.value.equals(value))
                .findFirst();
    }

    /** The algorithm with the value, or null for none. */
    public static @Nullable SigningAlgorithm orNull(@Nullable String value) {
        return value == null
                ? null
                : of(value).orElseThrow(() -> new IllegalArgumentException("unknown signature algorithm " + value));
    }

    public static @Nullable String valueOrNull(@Nullable SigningAlgorithm algorithm) {
        return algorithm == null ? null : algorithm.value;
    }

    JWSAlgorithm jose() {
        return JWSAlgorithm.parse(value);
    }

    /** What the platform calls its keys. */
    String keyAlgorithm() {
        return keyAlgorithm;
    }

    /** A signature of the platform's, by one provider or by the first that can. */
    Signature signature(@Nullable Provider provider) throws GeneralSecurityException {
        Signature signature = provider == null
                ? Signature.getInstance(signatureAlgorithm)
                : Signature.getInstance(signatureAlgorithm, provider);
        if (this == PS256) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        return signature;
    }
}
