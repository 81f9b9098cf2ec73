package dev.gatehouse.server.account;

import dev.gatehouse.server.account.StoredHash.Foreign;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * A scrypt hash, RFC 7914, kept in the PHC format {@code $scrypt$ln=15,r=8,p=1$SALT$HASH}.
 *
 * @param logN the binary logarithm of N
 */
@SuppressWarnings("ArrayRecordComponent") // never compared with another
record ScryptHash(int logN, int r, int p, byte[] salt, byte[] hash) implements Foreign {
    private static final Pattern PHC = Pattern.compile(
            "\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,4}),p=(\\d{1,4})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private static final Pattern SPRING =
            Pattern.compile("\\$([0-9a-f]{5,6})\\$([A-Za-z0-9+/]+={0,2})\\$([A-Za-z0-9+/]+={0,2})");

    private static final Pattern WERKZEUG =
            Pattern.compile("scrypt:(\\d{1,9}):(\\d{1,4}):(\\d{1,4})\\$([^$]+)\\$((?:[0-9a-f]{2})+)");

    private static final Pattern DJANGO =
            Pattern.compile("scrypt\\$(\\d{1,9})\\$([^$]+)\\$(\\d{1,4})\\$(\\d{1,4})\\$([A-Za-z0-9+/]+={0,2})");

    private static final int LEAST_LOG_N = 10;

    private static final int MOST_LOG_N = 20;

    private static final long MOST_WORK = 1 << 21;

    private static final long MOST_MEMORY = 1 << 27;

    static ScryptHash phc(String text) {
        Matcher given = HashFormats.match(PHC, text, "scrypt");
        return bounded(
                Integer.parseInt(given.group(1)),
                Integer.parseInt(given.group(2)),
                Integer.parseInt(given.group(3)),
                HashFormats.base64(given.group(4)),
                HashFormats.base64(given.group(5)));
    }

    /** The binary logarithm of N, then r and p in a byte each, as one hexadecimal number. */
    static ScryptHash spring(String text) {
        Matcher given = HashFormats.match(SPRING, text, "scrypt");
        int parameters = Integer.parseInt(given.group(1), 16);
        return bounded(
                parameters >> 16,
                parameters >> 8 & 0xFF,
                parameters & 0xFF,
                HashFormats.base64(given.group(2)),
                HashFormats.base64(given.group(3)));
    }

    static ScryptHash werkzeug(String text) {
        Matcher given = HashFormats.match(WERKZEUG, text, "scrypt");
        return bounded(
                logarithm(given.group(1)),
                Integer.parseInt(given.group(2)),
                Integer.parseInt(given.group(3)),
                given.group(4).getBytes(StandardCharsets.UTF_8),
                HashFormats.hex(given.group(5)));
    }

    static ScryptHash django(String text) {
        Matcher given = HashFormats.match(DJANGO, text, "scrypt");
        return bounded(
                logarithm(given.group(1)),
                Integer.parseInt(given.group(3)),
                Integer.parseInt(given.group(4)),
                given.group(2).getBytes(StandardCharsets.UTF_8),
                HashFormats.base64(given.group(5)));
    }

    private static int logarithm(String n) {
        int value = Integer.parseInt(n);
        HashFormats.require(Integer.bitCount(value) == 1, "of scrypt must have an N that is a power of two");
        return Integer.numberOfTrailingZeros(value);
    }

    private static ScryptHash bounded(int logN, int r, int p, byte[] salt, byte[] hash) {
        HashFormats.require(
                logN >= LEAST_LOG_N && logN <= MOST_LOG_N && r >= 1 && p >= 1,
                "of scrypt must have N between 1024 and 1048576, and r and p of at least 1");
        long blocks = (1L << logN) * r;
        HashFormats.require(
                128 * blocks <= MOST_MEMORY && blocks * p <= MOST_WORK,
                "of scrypt must need at most 128 MiB (128 times N times r), and N times r times p be at most 2097152");
        HashFormats.requireLengths("scrypt", salt, hash);
        return new ScryptHash(logN, r, p, salt, hash);
    }

    @Override
    public String stored() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "{scrypt}$scrypt$ln=%d,r=%d,p=%d$%s$%s"
                .formatted(logN, r, p, base64.encodeToString(salt), base64.encodeToString(hash));
    }

    @Override
    public boolean matches(String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(hash, SCrypt.generate(bytes, salt, 1 << logN, r, p, hash.length));
    }

    @Override
    public String toString() {
        return "***";
    }
}
