package dev.gatehouse.server.session;

import dev.gatehouse.server.keys.ServerSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * What the cookie of a remembered browser holds: the base64url of
 *
 * <pre>
 * 22 bytes  the sid of the login that it carries on
 * 32 bytes  secret, at first random
 * 16 bytes  MAC over both: HMAC-SHA-256 under a key that is in no store, cut to 128 bits
 * </pre>
 *
 * Without the key nobody can make one that gets as far as the database, nor an "old" one to end somebody's login with. A secret's
 * successor is its HMAC under a second key: whoever shows the same one twice in a moment is given the same successor, and who has an old
 * one and the database can still not tell the present one.
 */
final class RememberedSecret {
    static final int SECRET = 32;

    private static final int SID = 22;

    private static final int MAC = 16;

    private final String sid;

    private final byte[] secret;

    RememberedSecret(String sid, byte[] secret) {
        this.sid = sid;
        this.secret = secret;
    }

    String sid() {
        return sid;
    }

    /** What stands for it in the database. */
    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    /** Writes, reads and follows up secrets under the installation's keys. */
    static final class Format {
        private final SecretKey macKey;

        private final SecretKey successorKey;

        Format(ServerSecret serverSecret) {
            this.macKey = serverSecret.macKey("remembered-browser-mac");
            this.successorKey = serverSecret.macKey("remembered-browser-successor");
        }

        String write(RememberedSecret remembered) {
            byte[] body = body(remembered);
            return text(ByteBuffer.allocate(body.length + MAC)
                    .put(body)
                    .put(Arrays.copyOf(mac(macKey, body), MAC))
                    .array());
        }

        Optional<RememberedSecret> read(String value) {
            byte[] bytes = decode(value);
            if (bytes.length != SID + SECRET + MAC) {
                return Optional.empty();
            }
            byte[] body = Arrays.copyOf(bytes, SID + SECRET);
            byte[] mac = Arrays.copyOfRange(bytes, SID + SECRET, bytes.length);
            return MessageDigest.isEqual(mac, Arrays.copyOf(mac(macKey, body), MAC))
                    ? Optional.of(new RememberedSecret(
                            new String(body, 0, SID, StandardCharsets.US_ASCII),
                            Arrays.copyOfRange(body, SID, SID + SECRET)))
                    : Optional.empty();
        }

        RememberedSecret successor(RememberedSecret remembered) {
            return new RememberedSecret(remembered.sid, mac(successorKey, body(remembered)));
        }

        private static byte[] body(RememberedSecret remembered) {
            return ByteBuffer.allocate(SID + SECRET)
                    .put(remembered.sid.getBytes(StandardCharsets.US_ASCII))
                    .put(remembered.secret)
                    .array();
        }

        private static String text(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        private static byte[] decode(String value) {
            try {
                byte[] bytes = Base64.getUrlDecoder().decode(value);
                return text(bytes).equals(value) ? bytes : new byte[0];
            } catch (IllegalArgumentException e) {
                return new byte[0];
            }
        }

        private static byte[] mac(SecretKey key, byte[] bytes) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                return mac.doFinal(bytes);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("HMAC-SHA-256 is missing", e);
            }
        }
    }
}
