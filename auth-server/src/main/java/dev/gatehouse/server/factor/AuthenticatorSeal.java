package dev.gatehouse.server.factor;

import dev.gatehouse.server.keys.ServerSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.stereotype.Component;

/** Seals the secrets of authenticators at rest: a random nonce, then AES-256-GCM, bound to the account. */
@Component
final class AuthenticatorSeal {
    private static final int NONCE = 12;

    private static final int TAG_BITS = 128;

    private final SecretKey key;

    private final SecureRandom random;

    AuthenticatorSeal(ServerSecret serverSecret, SecureRandom random) {
        this.key = serverSecret.aesKey("authenticator-sealing");
        this.random = random;
    }

    byte[] seal(String accountId, byte[] secret) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, accountId).doFinal(secret);
            return ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is missing", e);
        }
    }

    /** Nothing when it was sealed for another account, or tampered with. */
    Optional<byte[]> open(String accountId, byte[] sealed) {
        if (sealed.length <= NONCE) {
            return Optional.empty();
        }
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE), accountId)
                    .doFinal(sealed, NONCE, sealed.length - NONCE));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String accountId) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(accountId.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
