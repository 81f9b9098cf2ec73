package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/** The public half of a key of ours, with the one algorithm that it is for. */
final class PublishedKey {
    private final JWK jwk;

    private final SigningAlgorithm algorithm;

    private final PublicKey key;

    private final @Nullable Provider provider;

    /** @param provider what verifies with it; the platform's own when absent */
    PublishedKey(JWK jwk, SigningAlgorithm algorithm, PublicKey key, @Nullable Provider provider) {
        this.jwk = jwk;
        this.algorithm = algorithm;
        this.key = NativeCryptography.inOwnForm(provider, algorithm, key);
        this.provider = provider;
    }

    JWK jwk() {
        return jwk;
    }

    SigningAlgorithm algorithm() {
        return algorithm;
    }

    boolean verifies(byte[] content, byte[] signed) {
        try {
            Signature signature = algorithm.signature(provider);
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
