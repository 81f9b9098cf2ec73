package dev.gatehouse.server.token;

import dev.gatehouse.server.keys.ServerSecret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * A refresh token taken apart: {@code ghr1_} and the base64url of
 *
 * <pre>
 * 16 bytes  family: the grant's id
 *  4 bytes  generation, big-endian, from 1
 * 32 bytes  random secret
 * 16 bytes  MAC over all before it: HMAC-SHA-256 under a key that is not in Redis, cut to 128 bits
 * </pre>
 *
 * Without the key nobody can make a token that gets as far as Redis, nor an "old" one to kill somebody's family with.
 */
final class RefreshToken {
    static final String PREFIX = "ghr1_";

    private static final int BODY = 16 + 4 + 32;

    private static final int MAC = 16;

    private final String grantId;

    private final int generation;

    private final byte[] secret;

    RefreshToken(String grantId, int generation, byte[] secret) {
        this.grantId = grantId;
        this.generation = generation;
        this.secret = secret;
    }

    String grantId() {
        return grantId;
    }

    int generation() {
        return generation;
    }

    byte[] secret() {
        return secret;
    }

    /** Writes and reads tokens under one MAC key. */
    static final class Format {
        private final SecretKey key;

        Format(ServerSecret serverSecret) {
            this.key = serverSecret.macKey("refresh-token-mac");
        }

        String write(RefreshToken token) {
            ByteBuffer bytes = ByteBuffer.allocate(BODY + MAC)
                    .put(Base64.getUrlDecoder().decode(token.grantId()))
                    .putInt(token.generation())
                    .put(token.secret());
            bytes.put(mac(bytes.array()));
            return text(bytes.array());
        }

        private static String text(byte[] bytes) {
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        /** Empty for anything that this issuer did not write. */
        Optional<RefreshToken> read(String token) {
            byte[] bytes = decode(token);
            if (bytes.length != BODY + MAC
                    || !MessageDigest.isEqual(mac(bytes), Arrays.copyOfRange(bytes, BODY, BODY + MAC))) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            byte[] family = new byte[16];
            byte[] secret = new byte[32];
            buffer.get(family);
            int generation = buffer.getInt();
            buffer.get(secret);
            return Optional.of(new RefreshToken(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(family), generation, secret));
        }

        private static byte[] decode(String token) {
            if (!token.startsWith(PREFIX) || token.length() > 128) {
                return new byte[0];
            }
            try {
                byte[] bytes = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
                return text(bytes).equals(token) ? bytes : new byte[0];
            } catch (IllegalArgumentException e) {
                return new byte[0];
            }
        }

        private byte[] mac(byte[] bytes) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                mac.update(bytes, 0, BODY);
                return Arrays.copyOf(mac.doFinal(), MAC);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
