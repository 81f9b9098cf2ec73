package dev.gatehouse.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key as the issuer has published it, and the one algorithm that it is for, if it says so. RSA signatures of the
 * plain kind go straight to the platform, which has them decoded already; the others by way of the library.
 */
record VerificationKey(
        JWK published,
        PublicKey key,
        JWSVerifier verifier,
        @Nullable JWSAlgorithm algorithm) {

    private static final Map<JWSAlgorithm, String> PLAIN = Map.of(
            JWSAlgorithm.RS256, "SHA256withRSA",
            JWSAlgorithm.RS384, "SHA384withRSA",
            JWSAlgorithm.RS512, "SHA512withRSA");

    /** A published key, unless it is for another purpose, for algorithms that are not allowed, or too short. */
    static @Nullable VerificationKey of(JWK key, Set<JWSAlgorithm> allowed) throws JOSEException {
        JWSAlgorithm algorithm = key.getAlgorithm() == null
                ? null
                : JWSAlgorithm.parse(key.getAlgorithm().getName());
        boolean forSignatures = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
        if (!forSignatures || (algorithm != null && !allowed.contains(algorithm))) {
            return null;
        }
        if (key instanceof RSAKey rsa && rsa.size() >= 2048) {
            return new VerificationKey(key, rsa.toRSAPublicKey(), new RSASSAVerifier(rsa.toRSAPublicKey()), algorithm);
        }
        return key instanceof ECKey ec
                ? new VerificationKey(key, ec.toECPublicKey(), new ECDSAVerifier(ec.toECPublicKey()), algorithm)
                : null;
    }

    boolean serves(JWSAlgorithm wanted) {
        return verifier.supportedJWSAlgorithms().contains(wanted) && (algorithm == null || algorithm.equals(wanted));
    }

    /** Whether the signature fits, for a header whose algorithm the key serves. */
    boolean verifies(JWSHeader header, byte[] content, byte[] signature) {
        String plain = PLAIN.get(header.getAlgorithm());
        try {
            return plain != null
                    ? verifies(plain, content, signature)
                    : verifier.verify(header, content, Base64URL.encode(signature));
        } catch (JOSEException | GeneralSecurityException unverifiable) {
            return false;
        }
    }

    private boolean verifies(String plain, byte[] content, byte[] signature) throws GeneralSecurityException {
        Signature verification = Signature.getInstance(plain);
        verification.initVerify(key);
        verification.update(content);
        return verification.verify(signature);
    }
}
