package dev.gatehouse.server.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The ways in which secret bytes might lie in a store. */
final class Disclosure {
    private Disclosure() {}

    /** The bytes as they are, in hex and in base64, also in the midst of a longer base64 text. */
    static String[] forms(byte[] secret) {
        List<String> forms = new ArrayList<>();
        forms.add(new String(secret, StandardCharsets.ISO_8859_1));
        forms.add(HexFormat.of().formatHex(secret));
        forms.add(HexFormat.of().withUpperCase().formatHex(secret));
        for (int offset = 0; offset < 3; offset++) {
            int from = (3 - offset) % 3;
            byte[] whole = Arrays.copyOfRange(secret, from, from + (secret.length - from) / 3 * 3);
            forms.add(Base64.getEncoder().encodeToString(whole));
            forms.add(Base64.getUrlEncoder().encodeToString(whole));
        }
        return forms.toArray(String[]::new);
    }
}
