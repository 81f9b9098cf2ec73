package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/** The public half of a key of ours, with the one algorithm that it is for. */
final class PublishedKey {
    private final JWK jwk;

    private final SigningAlgorithm algorithm;

    private final PublicKey key;

    private final NativeCryptography cryptography;

    PublishedKey(JWK jwk, SigningAlgorithm algorithm, PublicKey key, NativeCryptography cryptography) {
        this.jwk = jwk;
        this.algorithm = algorithm;
        this.key = key;
        this.cryptography = cryptography;
    }

    JWK jwk() {
        return jwk;
    }

    SigningAlgorithm algorithm() {
        return algorithm;
    }

    boolean verifies(byte[] content, byte[] signed) {
        try {
            Signature signature = algorithm.signature(cryptography.provider(algorithm));
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
