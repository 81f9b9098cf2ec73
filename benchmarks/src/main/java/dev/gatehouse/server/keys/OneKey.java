package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;

/** A signer with one key, by whatever provider the server would take. */
public final class OneKey {
    private OneKey() {}

    public static TokenSigner signer(SigningAlgorithm algorithm) throws GeneralSecurityException {
        NativeCryptography cryptography = NativeCryptography.find();
        SealedCustody custody = new SealedCustody(2048, new SecureRandom(), cryptography);
        JWK pair = custody.generate(algorithm);
        SigningKey signs = custody.open(pair, algorithm);
        JWK jwk = pair.toPublicJWK();
        PublishedKey verifies =
                new PublishedKey(jwk, algorithm, KeyForms.publicKey(jwk), cryptography.provider(algorithm));
        Ring ring = new Ring(List.of(), List.of(signs), List.of(verifies), List.of(pair.getKeyID()));
        return new RingSigner(() -> ring, List.of(algorithm));
    }
}
