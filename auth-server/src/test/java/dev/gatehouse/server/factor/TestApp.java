package dev.gatehouse.server.factor;

import java.time.Instant;
import java.util.Locale;

/** An authenticator app, for tests: makes the codes of a key that was typed into it. */
public final class TestApp {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final byte[] secret;

    private TestApp(byte[] secret) {
        this.secret = secret;
    }

    /** The app after this key, as the page shows it, was typed in. */
    public static TestApp with(String key) {
        String text = key.replace(" ", "").toUpperCase(Locale.ROOT);
        byte[] secret = new byte[text.length() * 5 / 8];
        for (int bit = 0; bit < secret.length * 8; bit++) {
            int value = ALPHABET.indexOf(text.charAt(bit / 5));
            secret[bit / 8] |= (byte) (((value >> (4 - bit % 5)) & 1) << (7 - bit % 8));
        }
        return new TestApp(secret);
    }

    /** The code so many steps from now. */
    public String code(int stepsFromNow) {
        return Totp.code(secret, Totp.step(Instant.now()) + stepsFromNow);
    }
}
