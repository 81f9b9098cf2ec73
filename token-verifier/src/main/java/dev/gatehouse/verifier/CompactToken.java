package dev.gatehouse.verifier;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The three parts of a token as it stands in a request, RFC 7515 section 7.1. */
final class CompactToken {

    private static final boolean[] IN_BASE64URL = inBase64Url();

    private final byte[] bytes;
    private final int endOfHeader;
    private final int endOfClaims;

    private CompactToken(byte[] bytes, int endOfHeader, int endOfClaims) {
        this.bytes = bytes;
        this.endOfHeader = endOfHeader;
        this.endOfClaims = endOfClaims;
    }

    /** Nothing when the text has another form or other characters. */
    static @Nullable CompactToken of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII); // what is not ASCII becomes a question mark
        int[] dots = new int[2];
        int found = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '.' && found < 2) {
                dots[found++] = i;
            } else if (!IN_BASE64URL[bytes[i]]) {
                return null;
            }
        }
        return found == 2 ? new CompactToken(bytes, dots[0], dots[1]) : null;
    }

    /** The header as it is written. */
    String encodedHeader() {
        return new String(bytes, 0, endOfHeader, StandardCharsets.US_ASCII);
    }

    /** The claims as JSON; an {@link IllegalArgumentException} when they are not base64url. */
    String claims() {
        return new String(decoded(endOfHeader + 1, endOfClaims), StandardCharsets.UTF_8);
    }

    byte[] signed() {
        return Arrays.copyOf(bytes, endOfClaims);
    }

    /** Nothing when it is no base64url, or when unused bits of its last character are set: one token has one text. */
    byte @Nullable [] signature() {
        try {
            byte[] signature = decoded(endOfClaims + 1, bytes.length);
            byte[] again = Base64.getUrlEncoder().withoutPadding().encode(signature);
            return Arrays.equals(again, 0, again.length, bytes, endOfClaims + 1, bytes.length) ? signature : null;
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    private byte[] decoded(int from, int to) {
        return Base64.getUrlDecoder().decode(Arrays.copyOfRange(bytes, from, to));
    }

    private static boolean[] inBase64Url() {
        boolean[] in = new boolean[128];
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
            in[c] = true;
        }
        return in;
    }
}
