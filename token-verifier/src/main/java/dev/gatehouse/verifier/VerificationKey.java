package dev.gatehouse.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/** A public key as the issuer has published it, the one algorithm that it is for, and who verifies by it. */
record VerificationKey(JWK published, PublicKey key, SignatureAlgorithm algorithm, Provider provider) {

    /** A published key, unless it is for another purpose, for an algorithm that is not allowed, or too short. */
    static @Nullable VerificationKey of(JWK published, SignatureProviders providers)
            throws JOSEException, GeneralSecurityException {
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(published);
        boolean forSignatures = published.getKeyUse() == null || KeyUse.SIGNATURE.equals(published.getKeyUse());
        Provider provider = algorithm == null ? null : providers.of(algorithm);
        if (algorithm == null || provider == null || !forSignatures) {
            return null;
        }
        return new VerificationKey(published, algorithm.publicKey(published, provider), algorithm, provider);
    }

    boolean serves(JWSAlgorithm wanted) {
        return algorithm.jose().equals(wanted);
    }

    boolean verifies(byte[] content, byte[] signature) {
        if (!algorithm.isWellFormed(signature)) {
            return false;
        }
        try {
            Signature verification = algorithm.signature(provider);
            verification.initVerify(key);
            verification.update(content);
            return verification.verify(signature);
        } catch (GeneralSecurityException | RuntimeException unverifiable) { // native code has exceptions of its own
            return false;
        }
    }
}
