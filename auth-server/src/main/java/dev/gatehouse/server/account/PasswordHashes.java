package dev.gatehouse.server.account;

import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;

/**
 * Password hashes with their algorithm in front, {@code {argon2}...}: Argon2id with the parameters that OWASP recommends. bcrypt
 * is understood, for people who come from elsewhere, until they log in. A password is the same in whichever Unicode form a keyboard writes it (NFC). Every check costs one hash, also when there is
 * nothing to check against or nothing that could match.
 */
final class PasswordHashes {
    private static final String ARGON2 = "argon2";

    private static final int LONGEST = 256;

    private static final int SALT_BYTES = 16;

    private static final int HASH_BYTES = 32;

    private static final int PARALLELISM = 1;

    private static final int MEMORY_KIB = 19_456;

    private static final int ITERATIONS = 2;

    private static final String STAND_IN = "nobody's password";

    private final DelegatingPasswordEncoder encoder = new DelegatingPasswordEncoder(
            ARGON2,
            Map.of(
                    ARGON2,
                    new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, PARALLELISM, MEMORY_KIB, ITERATIONS),
                    "bcrypt",
                    new BCryptPasswordEncoder()));

    private final String nobodys = encoded(STAND_IN);

    String hash(Secret password) {
        String normal = normal(password);
        if (!isPossible(normal)) {
            throw new IllegalArgumentException("a password has 1 to " + LONGEST + " characters");
        }
        return encoded(normal);
    }

    /** Whether the password is the stored one; where none is stored it never is. */
    boolean matches(Secret password, @Nullable String stored) {
        String normal = normal(password);
        boolean canMatch = isPossible(normal) && stored != null && isUnderstood(stored);
        return canMatch ? encoder.matches(normal, stored) : hashInVain();
    }

    static boolean isUnderstood(String stored) {
        return stored.startsWith("{argon2}") || stored.startsWith("{bcrypt}");
    }

    /** Whether it was hashed with less than is asked for today. */
    boolean isOutdated(String stored) {
        return encoder.upgradeEncoding(stored);
    }

    private boolean hashInVain() {
        return encoder.matches("not " + STAND_IN, nobodys);
    }

    private String encoded(String password) {
        return String.valueOf(encoder.encode(password));
    }

    private static String normal(Secret password) {
        return Normalizer.normalize(password.value(), Normalizer.Form.NFC);
    }

    private static boolean isPossible(String normal) {
        return !normal.isEmpty()
                && normal.codePointCount(0, normal.length()) <= LONGEST
                && StandardCharsets.UTF_8.newEncoder().canEncode(normal);
    }
}
