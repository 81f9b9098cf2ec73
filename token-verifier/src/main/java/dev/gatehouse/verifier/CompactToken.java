package dev.gatehouse.verifier;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The three parts of a token as it stands in a request, RFC 7515 section 7.1, each of them base64url without padding. */
final class CompactToken {

    private final String encodedHeader;
    private final byte[] claims;
    private final byte[] signed;
    private final byte[] signature;
    private final boolean canonical;

    private CompactToken(String text, int endOfHeader, int endOfClaims) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII); // what is not ASCII becomes a question mark
        decoded(bytes, 0, endOfHeader);
        this.encodedHeader = text.substring(0, endOfHeader);
        this.claims = decoded(bytes, endOfHeader + 1, endOfClaims);
        this.signed = Arrays.copyOf(bytes, endOfClaims);
        this.signature = decoded(bytes, endOfClaims + 1, bytes.length);
        byte[] again = Base64.getUrlEncoder().withoutPadding().encode(signature);
        this.canonical = Arrays.equals(again, 0, again.length, bytes, endOfClaims + 1, bytes.length);
    }

    /** Nothing when the text has another form or other characters. */
    static @Nullable CompactToken of(String text) {
        int endOfHeader = text.indexOf('.');
        int endOfClaims = text.indexOf('.', endOfHeader + 1);
        if (endOfHeader < 0 || endOfClaims < 0 || text.indexOf('=') >= 0) {
            return null;
        }
        try {
            return new CompactToken(text, endOfHeader, endOfClaims);
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    private static byte[] decoded(byte[] bytes, int from, int to) {
        return Base64.getUrlDecoder().decode(Arrays.copyOfRange(bytes, from, to));
    }

    /** The header as it is written. */
    String encodedHeader() {
        return encodedHeader;
    }

    /** The claims as JSON. */
    String claims() {
        return new String(claims, StandardCharsets.UTF_8);
    }

    /** What the signature is over. */
    byte[] signed() {
        return signed;
    }

    byte[] signature() {
        return signature;
    }

    /** Whether the unused bits of the signature's last character are zero, so that one token has one text. */
    boolean isCanonical() {
        return canonical;
    }
}
