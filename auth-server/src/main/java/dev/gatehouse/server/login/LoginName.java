package dev.gatehouse.server.login;

import java.text.Normalizer;
import java.util.Locale;

/** A user name as somebody typed it, in one form for all spellings that could name one account. */
record LoginName(String value) {
    static LoginName of(String typed) {
        String folded = Normalizer.normalize(typed, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return new LoginName(Normalizer.normalize(folded, Normalizer.Form.NFKC).strip());
    }
}
