package dev.gatehouse.server.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A successor's secret, sealed with AES-256-GCM under a key that only the predecessor's own secret gives (HKDF-SHA-256). Who
 * reads Redis cannot open it; who retries with the predecessor can.
 */
final class SuccessorSeal {
    private static final int NONCE = 12;

    private static final int TAG_BITS = 128;

    private final SecureRandom random;

    SuccessorSeal(SecureRandom random) {
        this.random = random;
    }

    String seal(RefreshToken predecessor, byte[] successor) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, predecessor, nonce).doFinal(successor);
            return Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(NONCE + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] open(RefreshToken predecessor, String sealed) {
        byte[] bytes = Base64.getDecoder().decode(sealed);
        try {
            return cipher(Cipher.DECRYPT_MODE, predecessor, Arrays.copyOf(bytes, NONCE))
                    .doFinal(bytes, NONCE, bytes.length - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a sealed successor does not open", e);
        }
    }

    private static Cipher cipher(int mode, RefreshToken predecessor, byte[] nonce) throws GeneralSecurityException {
        byte[] context = (predecessor.grantId() + ":" + predecessor.generation()).getBytes(StandardCharsets.US_ASCII);
        SecretKey key = KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(predecessor.secret())
                                .addSalt(context)
                                .thenExpand("refresh-token-successor".getBytes(StandardCharsets.US_ASCII), 32));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }
}
