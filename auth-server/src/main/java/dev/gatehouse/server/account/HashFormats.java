package dev.gatehouse.server.account;

import dev.gatehouse.server.account.StoredHash.Own;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads password hashes as they are stored here and as Spring Security, Django, Werkzeug (Flask), passlib and PHP write them.
 * A refusal says what is wrong in words that follow the name of a setting, and never repeats the hash.
 */
final class HashFormats {
    private static final int LONGEST = 512;

    private static final int LEAST_SALT = 8;

    private static final int LEAST_HASH = 16;

    private static final int MOST = 64;

    private HashFormats() {}

    static StoredHash read(String text) {
        require(text.length() <= LONGEST, "must be at most 512 characters");
        int end = text.indexOf('}');
        return text.startsWith("{") && end > 0 ? named(text.substring(1, end), text.substring(end + 1)) : bare(text);
    }

    /** In the form of Spring Security's delegating encoder, which is also how they are stored. */
    private static StoredHash named(String name, String hash) {
        return switch (name) {
            case "argon2", "argon2@SpringSecurity_v5_8" -> new Own(Argon2Hash.of(hash));
            case "bcrypt" -> BcryptHash.of(hash, false);
            case "bcrypt-sha256" -> BcryptHash.of(hash, true);
            case "scrypt", "scrypt@SpringSecurity_v5_8" ->
                hash.startsWith("$scrypt$") ? ScryptHash.phc(hash) : ScryptHash.spring(hash);
            case "pbkdf2" -> hash.startsWith("$pbkdf2") ? Pbkdf2Hash.passlib(hash) : Pbkdf2Hash.spring(hash);
            case "pbkdf2@SpringSecurity_v5_8" -> Pbkdf2Hash.newerSpring(hash);
            default -> throw unknown();
        };
    }

    private static StoredHash bare(String hash) {
        if (hash.startsWith("$argon2")) {
            return new Own(Argon2Hash.of(hash));
        } else if (hash.startsWith("$2")) {
            return BcryptHash.of(hash, false);
        } else if (hash.startsWith("$scrypt$")) {
            return ScryptHash.phc(hash);
        } else if (hash.startsWith("$pbkdf2")) {
            return Pbkdf2Hash.passlib(hash);
        }
        return ofFramework(hash);
    }

    private static StoredHash ofFramework(String hash) {
        if (hash.startsWith("argon2$")) {
            return new Own(Argon2Hash.of(hash.substring("argon2".length())));
        } else if (hash.startsWith("bcrypt$")) {
            return BcryptHash.of(hash.substring("bcrypt$".length()), false);
        } else if (hash.startsWith("bcrypt_sha256$")) {
            return BcryptHash.of(hash.substring("bcrypt_sha256$".length()), true);
        } else if (hash.startsWith("pbkdf2_")) {
            return Pbkdf2Hash.django(hash);
        } else if (hash.startsWith("pbkdf2:")) {
            return Pbkdf2Hash.werkzeug(hash);
        } else if (hash.startsWith("scrypt:")) {
            return ScryptHash.werkzeug(hash);
        } else if (hash.startsWith("scrypt$")) {
            return ScryptHash.django(hash);
        }
        throw unknown();
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("must be a hash of Argon2, bcrypt, scrypt or PBKDF2 as Spring Security,"
                + " Django, Werkzeug, passlib or PHP write it");
    }

    static Matcher match(Pattern format, String text, String algorithm) {
        Matcher matcher = format.matcher(text);
        require(matcher.matches(), "is not a well-formed hash of " + algorithm);
        return matcher;
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    static void requireLengths(String algorithm, byte[] salt, byte[] hash) {
        require(
                salt.length >= LEAST_SALT && salt.length <= MOST && hash.length >= LEAST_HASH && hash.length <= MOST,
                "of " + algorithm + " must have a salt of 8 to 64 bytes and a hash of 16 to 64 bytes");
    }

    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not well-formed base64", e);
        }
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
