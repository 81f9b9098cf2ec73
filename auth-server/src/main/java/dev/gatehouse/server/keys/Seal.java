package dev.gatehouse.server.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals what is secret at rest: the format and the master key's version, a 96-bit random nonce, then AES-256-GCM. Version and
 * purpose are authenticated with it, so that what was sealed for one thing cannot be passed off as another. It seals under the
 * current master key, and opens what any configured one has sealed.
 */
final class Seal {
    private static final byte FORMAT = 2;

    private static final int HEADER = 1 + Integer.BYTES;

    private static final int NONCE = 12;

    private static final int TAG_BITS = 128;

    private final int current;

    private final Map<Integer, SecretKey> keys = new TreeMap<>();

    private final SecureRandom random;

    Seal(MasterKeys masterKeys, SecureRandom random) {
        this.current = masterKeys.current().version();
        masterKeys.all().forEach(key -> keys.put(key.version(), key.sealingKey()));
        this.random = random;
    }

    byte[] seal(String purpose, byte[] secret) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, current, nonce, purpose).doFinal(secret);
            return ByteBuffer.allocate(HEADER + NONCE + sealed.length)
                    .put(FORMAT)
                    .putInt(current)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] open(String purpose, byte[] sealed) throws BrokenSealException {
        if (sealed.length <= HEADER + NONCE || sealed[0] != FORMAT) {
            throw new BrokenSealException(purpose, "is not in a known form", null);
        }
        int version = version(sealed);
        if (!keys.containsKey(version)) {
            throw new BrokenSealException(
                    purpose, "was sealed under version " + version + " of the master key, which is not here", null);
        }
        byte[] nonce = new byte[NONCE];
        System.arraycopy(sealed, HEADER, nonce, 0, NONCE);
        try {
            return cipher(Cipher.DECRYPT_MODE, version, nonce, purpose)
                    .doFinal(sealed, HEADER + NONCE, sealed.length - HEADER - NONCE);
        } catch (GeneralSecurityException e) {
            throw new BrokenSealException(purpose, "was sealed under another master key, or tampered with", e);
        }
    }

    /**
     * Whether an older version of the master key has sealed it. A newer one may have, while replicas are being updated: what
     * that has sealed is left alone, or two of them would seal it in turns for ever.
     */
    boolean isOutdated(byte[] sealed) {
        return version(sealed) < current;
    }

    private static int version(byte[] sealed) {
        return ByteBuffer.wrap(sealed).getInt(1);
    }

    private Cipher cipher(int mode, int version, byte[] nonce, String purpose) throws GeneralSecurityException {
        SecretKey key = keys.get(version);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((FORMAT + "\n" + version + "\n" + purpose).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** What is stored does not open. */
    static final class BrokenSealException extends Exception {
        BrokenSealException(String purpose, String why, @Nullable Throwable cause) {
            super(purpose.lines().limit(2).reduce((a, b) -> a + " " + b).orElse("it") + " " + why, cause);
        }
    }
}
