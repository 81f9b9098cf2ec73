package dev.gatehouse.server.account;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Argon2 hash with its parameters, RFC 9106, in the PHC format {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}. Parameters
 * within reason are those that other software has as defaults: nobody must be able to make a login take seconds or gigabytes.
 *
 * @param type {@code argon2d}, {@code argon2i} or {@code argon2id}
 * @param memory in KiB
 */
@SuppressWarnings("ArrayRecordComponent") // compared by isHash() only
record Argon2Hash(String type, int version, int memory, int iterations, int lanes, byte[] salt, byte[] hash) {
    private static final Pattern FORMAT =
            Pattern.compile("\\$(argon2(?:id|i|d))(?:\\$v=(\\d{1,2}))?\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})"
                    + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private static final String ARGON2ID = "argon2id";

    private static final int FIRST_VERSION = 16;

    private static final int VERSION = 19;

    private static final int LEAST_MEMORY = 512;

    private static final int MOST_MEMORY = 131_072;

    private static final int MOST_WORK = 524_288;

    private static final int MOST_LANES = 16;

    static Argon2Hash of(String text) {
        Matcher given = HashFormats.match(FORMAT, text, "Argon2");
        int version = given.group(2) == null ? FIRST_VERSION : Integer.parseInt(given.group(2));
        Argon2Hash hash = new Argon2Hash(
                given.group(1),
                version,
                Integer.parseInt(given.group(3)),
                Integer.parseInt(given.group(4)),
                Integer.parseInt(given.group(5)),
                HashFormats.base64(given.group(6)),
                HashFormats.base64(given.group(7)));
        hash.refuseUnreasonable();
        return hash;
    }

    private void refuseUnreasonable() {
        HashFormats.require(version == FIRST_VERSION || version == VERSION, "of Argon2 must have version 16 or 19");
        HashFormats.require(
                memory >= LEAST_MEMORY && memory <= MOST_MEMORY && lanes >= 1 && lanes <= MOST_LANES,
                "of Argon2 must have m between 512 and 131072 (KiB) and p between 1 and 16");
        HashFormats.require(
                iterations >= 1 && (long) memory * iterations <= MOST_WORK,
                "of Argon2 must have t of at least 1, and m times t of at most 524288");
        HashFormats.requireLengths("Argon2", salt, hash);
    }

    static Argon2Hash id(int memory, int iterations, byte[] salt, byte[] hash) {
        return new Argon2Hash(ARGON2ID, VERSION, memory, iterations, 1, salt, hash);
    }

    boolean isHash(byte[] other) {
        return MessageDigest.isEqual(hash, other);
    }

    boolean isCurrentArgon2id() {
        return type.equals(ARGON2ID) && version == VERSION;
    }

    boolean isMadeLike(Argon2Hash other) {
        return type.equals(other.type)
                && version == other.version
                && memory == other.memory
                && iterations == other.iterations
                && lanes == other.lanes
                && salt.length == other.salt.length
                && hash.length == other.hash.length;
    }

    String text() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$%s$v=%d$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        type,
                        version,
                        memory,
                        iterations,
                        lanes,
                        base64.encodeToString(salt),
                        base64.encodeToString(hash));
    }

    @Override
    public String toString() {
        return "***";
    }
}
