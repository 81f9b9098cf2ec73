package dev.gatehouse.server.client;

import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * A client with its live secrets.
 *
 * @param digests SHA-256 of each secret: none, one or two
 */
record RegisteredClient(Client client, List<byte[]> digests) {
    /** Stands in for a secret that is not there. Nobody can present what has this digest. */
    private static final byte[] NO_SECRET = new byte[32];

    RegisteredClient {
        digests = List.copyOf(digests);
    }

    /** Whether the secret has one of at most two digests; costs the same for none, one and two. */
    static boolean matchesOneOf(Secret presented, List<byte[]> digests) {
        byte[] digest = digest(presented);
        boolean first = MessageDigest.isEqual(digest, digests.isEmpty() ? NO_SECRET : digests.getFirst());
        boolean second = MessageDigest.isEqual(digest, digests.size() < 2 ? NO_SECRET : digests.get(1));
        return first || second;
    }

    static byte[] digest(Secret secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.value().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
