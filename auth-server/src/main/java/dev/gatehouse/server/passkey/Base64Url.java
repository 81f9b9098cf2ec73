package dev.gatehouse.server.passkey;

import java.util.Base64;

/** Bytes as text, RFC 4648 section 5, without padding: as WebAuthn writes them in JSON. */
final class Base64Url {
    private Base64Url() {}

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
