package dev.gatehouse.server.token;

import java.security.SecureRandom;
import java.util.Base64;

/** Identifiers of 128 random bits, base64url. */
public final class RandomIds {
    private final SecureRandom random;

    public RandomIds(SecureRandom random) {
        this.random = random;
    }

    public String next() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
