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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A public key as the issuer has published it, and the one algorithm that it is for, if it says so. */
record VerificationKey(
        JWK published, JWSVerifier verifier, @Nullable JWSAlgorithm algorithm) {

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
            return new VerificationKey(key, new RSASSAVerifier(rsa.toRSAPublicKey()), algorithm);
        }
        return key instanceof ECKey ec
                ? new VerificationKey(key, new ECDSAVerifier(ec.toECPublicKey()), algorithm)
                : null;
    }

    boolean serves(JWSAlgorithm wanted) {
        return verifier.supportedJWSAlgorithms().contains(wanted) && (algorithm == null || algorithm.equals(wanted));
    }

    boolean verifies(JWSHeader header, byte[] content, Base64URL signature) throws JOSEException {
        return verifier.verify(header, content, signature);
    }
}
