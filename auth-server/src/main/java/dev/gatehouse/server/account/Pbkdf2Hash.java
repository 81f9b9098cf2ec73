package dev.gatehouse.server.account;

import dev.gatehouse.server.account.StoredHash.Foreign;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A PBKDF2 hash, RFC 8018, kept as passlib writes it, {@code $pbkdf2-sha256$600000$SALT$HASH} in base64 with a dot for the plus.
 *
 * @param digest {@code sha1}, {@code sha256} or {@code sha512}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared with another
record Pbkdf2Hash(String digest, int iterations, byte[] salt, byte[] hash) implements Foreign {
    private static final String SHA1 = "sha1";

    private static final Pattern PASSLIB =
            Pattern.compile("\\$pbkdf2(?:-(sha1|sha256|sha512))?\\$(\\d{1,9})\\$([A-Za-z0-9./]+)\\$([A-Za-z0-9./]+)");

    private static final Pattern DJANGO =
            Pattern.compile("pbkdf2_(sha1|sha256)\\$(\\d{1,9})\\$([^$]+)\\$([A-Za-z0-9+/]+={0,2})");

    private static final Pattern WERKZEUG =
            Pattern.compile("pbkdf2:(sha1|sha256|sha512):(\\d{1,9})\\$([^$]+)\\$((?:[0-9a-f]{2})+)");

    private static final Pattern SPRING_2013 = Pattern.compile("([0-9a-f]{80})");

    private static final Pattern SPRING_2022 = Pattern.compile("([0-9a-f]{96})");

    private static final int LEAST = 1_000;

    private static final int MOST = 3_000_000;

    static Pbkdf2Hash passlib(String text) {
        Matcher given = HashFormats.match(PASSLIB, text, "PBKDF2");
        return bounded(
                given.group(1) == null ? SHA1 : given.group(1),
                given.group(2),
                HashFormats.base64(given.group(3).replace('.', '+')),
                HashFormats.base64(given.group(4).replace('.', '+')));
    }

    static Pbkdf2Hash django(String text) {
        Matcher given = HashFormats.match(DJANGO, text, "PBKDF2");
        return bounded(given.group(1), given.group(2), utf8(given.group(3)), HashFormats.base64(given.group(4)));
    }

    static Pbkdf2Hash werkzeug(String text) {
        Matcher given = HashFormats.match(WERKZEUG, text, "PBKDF2");
        return bounded(given.group(1), given.group(2), utf8(given.group(3)), HashFormats.hex(given.group(4)));
    }

    /** Eight bytes of salt before the hash, with the parameters that Spring Security had until version 5.7. */
    static Pbkdf2Hash spring(String text) {
        return spring(HashFormats.match(SPRING_2013, text, "PBKDF2"), 8, SHA1, "185000");
    }

    /** Sixteen bytes of salt before the hash, with the parameters that Spring Security has since version 5.8. */
    static Pbkdf2Hash newerSpring(String text) {
        return spring(HashFormats.match(SPRING_2022, text, "PBKDF2"), 16, "sha256", "310000");
    }

    private static Pbkdf2Hash spring(Matcher given, int saltLength, String digest, String iterations) {
        byte[] both = HashFormats.hex(given.group(1));
        return bounded(
                digest, iterations, Arrays.copyOf(both, saltLength), Arrays.copyOfRange(both, saltLength, both.length));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Pbkdf2Hash bounded(String digest, String iterations, byte[] salt, byte[] hash) {
        int number = Integer.parseInt(iterations);
        HashFormats.require(
                number >= LEAST && number <= MOST, "of PBKDF2 must have between 1000 and 3000000 iterations");
        HashFormats.requireLengths("PBKDF2", salt, hash);
        return new Pbkdf2Hash(digest, number, salt, hash);
    }

    @Override
    public String stored() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "{pbkdf2}$pbkdf2-%s$%d$%s$%s"
                .formatted(
                        digest,
                        iterations,
                        base64.encodeToString(salt).replace('+', '.'),
                        base64.encodeToString(hash).replace('+', '.'));
    }

    @Override
    public boolean matches(String password) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, hash.length * Byte.SIZE);
        try {
            return MessageDigest.isEqual(
                    hash,
                    SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest.toUpperCase(Locale.ROOT))
                            .generateSecret(spec)
                            .getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
