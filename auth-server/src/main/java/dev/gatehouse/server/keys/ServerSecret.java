package dev.gatehouse.server.keys;

import javax.crypto.SecretKey;

/**
 * The installation's own secret, which every server-side key but the signing keys derives from (HKDF, RFC 5869). It is
 * random, sealed under the master key, and stays the same when that changes.
 */
public interface ServerSecret {
    /** A 256-bit AES key for one purpose, for example {@code "interaction-sealing"}. */
    SecretKey aesKey(String purpose);

    /** A 256-bit HMAC-SHA-256 key for one purpose, for example {@code "refresh-token-mac"}. */
    SecretKey macKey(String purpose);
}
