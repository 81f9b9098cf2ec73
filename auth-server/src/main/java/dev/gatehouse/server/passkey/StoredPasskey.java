package dev.gatehouse.server.passkey;

import java.util.List;

/**
 * A passkey with what it takes to check its signatures.
 *
 * @param credentialId base64url
 * @param publicKey COSE, RFC 9052 section 7, base64url
 * @param userHandle how authenticators name its account, base64url
 * @param transports how its authenticator can be reached
 */
record StoredPasskey(
        Passkey passkey, String credentialId, String publicKey, String userHandle, List<String> transports) {}
