package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** Keys of the platform's whose private halves are stored with them, sealed. */
final class SealedCustody implements KeyCustody {
    static final String NAME = "sealed";

    private final int rsaBits;

    private final SecureRandom random;

    private final NativeCryptography cryptography;

    SealedCustody(int rsaBits, SecureRandom random, NativeCryptography cryptography) {
        this.rsaBits = rsaBits;
        this.random = random;
        this.cryptography = cryptography;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean supports(SigningAlgorithm algorithm) {
        return true;
    }

    @Override
    public JWK generate(SigningAlgorithm algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.keyAlgorithm());
        switch (algorithm) {
            case RS256, PS256 -> generator.initialize(rsaBits, random);
            case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            case EDDSA -> generator.initialize(255, random);
        }
        return KeyForms.jwk(generator.generateKeyPair(), algorithm);
    }

    @Override
    public SigningKey open(JWK stored, SigningAlgorithm algorithm) throws GeneralSecurityException {
        PrivateKey key = KeyForms.privateKey(stored);
        Provider provider = cryptography.prove(algorithm, key, KeyForms.publicKey(stored));
        return new SigningKey(
                stored.getKeyID(), algorithm, NativeCryptography.inOwnForm(provider, algorithm, key), provider);
    }

    @Override
    public void destroy(String kid) {
        // Its private half goes from the table when it ceases to sign.
    }
}
