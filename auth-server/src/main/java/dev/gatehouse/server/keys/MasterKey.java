package dev.gatehouse.server.keys;

import javax.crypto.SecretKey;

/** The one secret that an operator provides; every other server-side secret is derived from it (HKDF, RFC 5869). */
public interface MasterKey {
    /** A 256-bit AES key for one purpose, for example {@code "signing-key-sealing"}. */
    SecretKey aesKey(String purpose);

    /** A 256-bit HMAC-SHA-256 key for one purpose, for example {@code "refresh-token-mac"}. */
    SecretKey macKey(String purpose);
}
