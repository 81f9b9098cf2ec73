package dev.gatehouse.server.token;

import dev.gatehouse.server.token.RefreshTokens.Presented;
import java.time.Instant;

/** The line of text that a refresh token family is in Redis, as {@link RedisRefreshTokens} describes it. */
record StoredFamily(
        int generation,
        String digest,
        Instant issuedAt,
        Instant expiry,
        Instant absoluteExpiry,
        String clientId,
        StoredGrant grant) {
    private static final String NO_POSITION = "-";

    private static final int WORDS = 8;

    /** As the family stands before its first rotation. */
    String text() {
        return String.join(
                " ",
                Integer.toString(generation),
                digest,
                millis(issuedAt),
                millis(expiry),
                millis(absoluteExpiry),
                NO_POSITION,
                clientId,
                StoredGrant.write(grant));
    }

    static StoredFamily read(String text) {
        String[] words = text.split(" ", WORDS);
        return new StoredFamily(
                Integer.parseInt(words[0]),
                words[1],
                instant(words[2]),
                instant(words[3]),
                instant(words[4]),
                words[6],
                StoredGrant.read(words[7], StoredGrant.class));
    }

    /** What a token with this digest is to the family. */
    Presented presented(String grantId, String digest) {
        return new Presented(grant.grant(grantId, clientId), this.digest.equals(digest), issuedAt, expiry);
    }

    private static String millis(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
