package dev.gatehouse.server.account;

import dev.gatehouse.server.account.StoredHash.Foreign;
import dev.gatehouse.server.account.StoredHash.Own;
import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Password hashes with their algorithm in front, {@code {argon2}...}: Argon2id with the parameters that OWASP recommends. Others are
 * understood, for people who come from elsewhere, until they log in. A password is the same in whichever Unicode form a
 * keyboard writes it (NFC). Every check costs one hash, also when there is nothing to check against or nothing that could match.
 */
final class PasswordHashes {
    private static final Secret NOBODYS_PASSWORD = new Secret("nobody's password");

    private static final int LONGEST = 256;

    private static final int SALT_BYTES = 16;

    private static final int HASH_BYTES = 32;

    private static final int MEMORY_KIB = 19_456;

    private static final int ITERATIONS = 2;

    private final Argon2 argon2;

    private final SecureRandom random;

    private final Argon2Hash nobodys;

    private final String nobodysStored;

    PasswordHashes(Argon2 argon2, SecureRandom random) {
        this.argon2 = argon2;
        this.random = random;
        this.nobodys = salted();
        this.nobodysStored = new Own(nobodys).stored();
    }

    String hash(Secret password) {
        String normal = normal(password);
        if (!isPossible(normal)) {
            throw new IllegalArgumentException("a password has 1 to " + LONGEST + " characters");
        }
        Argon2Hash fresh = salted();
        byte[] hash = argon2.derive(utf8(normal), fresh);
        return new Own(Argon2Hash.id(MEMORY_KIB, ITERATIONS, fresh.salt(), hash)).stored();
    }

    /** Whether the password is the stored one; where none is stored it never is. */
    boolean matches(Secret password, @Nullable String stored) {
        String normal = normal(password);
        boolean isReal = stored != null && isPossible(normal);
        Secret tried = isReal ? password : NOBODYS_PASSWORD;
        boolean isRight = isRight(tried, stored == null ? nobodysStored : stored);
        return isReal && isRight;
    }

    private boolean isRight(Secret password, String stored) {
        return switch (understood(stored)) {
            case null -> nobodys.isHash(argon2.derive(utf8(normal(password)), nobodys));
            case Own own -> own.hash().isHash(argon2.derive(utf8(normal(password)), own.hash()));
            case Foreign foreign -> foreign.matches(password.value());
        };
    }

    private static @Nullable StoredHash understood(String stored) {
        try {
            return HashFormats.read(stored);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether it was made otherwise than the house makes them today. */
    boolean isOutdated(String stored) {
        return !(understood(stored) instanceof Own own && own.hash().isMadeLike(nobodys));
    }

    private Argon2Hash salted() {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return Argon2Hash.id(MEMORY_KIB, ITERATIONS, salt, new byte[HASH_BYTES]);
    }

    private static String normal(Secret password) {
        return Normalizer.normalize(password.value(), Normalizer.Form.NFC);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isPossible(String normal) {
        return !normal.isEmpty()
                && normal.codePointCount(0, normal.length()) <= LONGEST
                && StandardCharsets.UTF_8.newEncoder().canEncode(normal);
    }
}
