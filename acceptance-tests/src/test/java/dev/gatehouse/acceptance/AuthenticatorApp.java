package dev.gatehouse.acceptance;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app: RFC 6238 with what every app takes for granted, six digits, SHA-1 and 30 seconds. */
final class AuthenticatorApp {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final byte[] secret;

    private long lastStep;

    /** @param key as the page shows it, in groups */
    AuthenticatorApp(String key) {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        int held = 0;
        int bits = 0;
        for (char letter : key.replaceAll("\\s", "").toUpperCase(Locale.ROOT).toCharArray()) {
            held = (held << 5) | ALPHABET.indexOf(letter);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.put((byte) (held >> bits));
                held &= (1 << bits) - 1;
            }
        }
        secret = Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** A code that was not used yet: of the step before now at first, of a later one each time. */
    String code() throws GeneralSecurityException {
        lastStep = Math.max(lastStep + 1, Instant.now().getEpochSecond() / 30 - 1);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(secret, "HmacSHA1"));
        byte[] hash =
                mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(lastStep).array());
        int offset = hash[hash.length - 1] & 0xF;
        int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
        return String.format(Locale.ROOT, "%06d", number % 1_000_000);
    }
}
