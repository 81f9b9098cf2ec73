package dev.gatehouse.server.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A password's SHA-1, by which lists of breached passwords are searched. It protects nothing. */
record Sha1(String hex) {
    static Sha1 of(String password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.UTF_8));
            return new Sha1(HexFormat.of().withUpperCase().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first 64 bits. */
    long prefix() {
        return HexFormat.fromHexDigitsToLong(hex, 0, 16);
    }

    @Override
    public String toString() {
        return "***";
    }
}
