package dev.gatehouse.server.account;

import dev.gatehouse.server.account.StoredHash.Foreign;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * A bcrypt hash, {@code $2b$12$...}, of the password or, as Django makes them, of its SHA-256 in hexadecimal. bcrypt itself looks
 * at no more than 72 bytes.
 */
record BcryptHash(String text, boolean sha256First) implements Foreign {
    private static final Pattern FORMAT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[A-Za-z0-9./]{53}");

    private static final int LEAST_COST = 4;

    private static final int MOST_COST = 14;

    static BcryptHash of(String text, boolean sha256First) {
        int cost = Integer.parseInt(
                HashFormats.match(FORMAT, text, "bcrypt ($2a$, $2b$, $2y$)").group(1));
        HashFormats.require(cost >= LEAST_COST && cost <= MOST_COST, "of bcrypt must have a cost between 4 and 14");
        return new BcryptHash(text, sha256First);
    }

    @Override
    public String stored() {
        return (sha256First ? "{bcrypt-sha256}" : "{bcrypt}") + text;
    }

    @Override
    public boolean matches(String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        return BCrypt.checkpw(sha256First ? hexSha256(bytes) : bytes, text);
    }

    private static byte[] hexSha256(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
