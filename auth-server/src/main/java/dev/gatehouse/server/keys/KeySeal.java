package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals private keys at rest: one byte for the version of the master key, a 96-bit random nonce, then AES-256-GCM over the
 * PKCS#8 form. Issuer, kid, state and version are authenticated with it, so that whoever can write to the database can
 * neither put a key of their own there nor bring a retired key back. The public key is always computed from the private one,
 * for the same reason.
 */
final class KeySeal {
    private static final byte VERSION = 1;

    private static final int NONCE = 12;

    private static final int TAG_BITS = 128;

    private final SecretKey key;

    private final SecureRandom random;

    KeySeal(MasterKey masterKey, SecureRandom random) {
        this.key = masterKey.aesKey("signing-key-sealing");
        this.random = random;
    }

    SealedKey seal(String issuer, KeyState state, RSAKey signingKey) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, issuer, signingKey.getKeyID(), state);
            byte[] sealed = cipher.doFinal(signingKey.toRSAPrivateKey().getEncoded());
            byte[] whole = ByteBuffer.allocate(1 + NONCE + sealed.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return new SealedKey(issuer, signingKey.getKeyID(), state, whole);
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key, private part included. */
    RSAKey open(SealedKey stored) throws BrokenSealException {
        byte[] whole = stored.sealed();
        if (whole.length <= 1 + NONCE || whole[0] != VERSION) {
            throw new BrokenSealException(stored.kid());
        }
        byte[] nonce = Arrays.copyOfRange(whole, 1, 1 + NONCE);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, stored.issuer(), stored.kid(), stored.state());
            RSAKey opened = decoded(cipher.doFinal(whole, 1 + NONCE, whole.length - 1 - NONCE));
            if (!opened.getKeyID().equals(stored.kid())) {
                throw new BrokenSealException(stored.kid());
            }
            return opened;
        } catch (GeneralSecurityException | JOSEException e) {
            throw new BrokenSealException(stored.kid(), e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String issuer, String kid, KeyState state)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        String bound = String.join("\n", "signing key", Byte.toString(VERSION), issuer, kid, state.value());
        cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static RSAKey decoded(byte[] pkcs8) throws GeneralSecurityException, JOSEException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey privateKey = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        var publicKey = (RSAPublicKey)
                factory.generatePublic(new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent()));
        return new RSAKey.Builder(publicKey)
                .privateKey(privateKey)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .keyIDFromThumbprint()
                .build();
    }

    /** A stored key that does not open: another master key sealed it, or it was tampered with. */
    static final class BrokenSealException extends Exception {
        BrokenSealException(String kid) {
            super("signing key " + kid + " does not open");
        }

        BrokenSealException(String kid, Throwable cause) {
            super("signing key " + kid + " does not open", cause);
        }
    }
}
