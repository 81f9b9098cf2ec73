package dev.gatehouse.server.token;

import java.security.SecureRandom;
import java.util.Base64;

/** Identifiers of 128 random bits, base64url. */
final class RandomIds {
    private final SecureRandom random;

    RandomIds(SecureRandom random) {
        this.random = random;
    }

    String next() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
