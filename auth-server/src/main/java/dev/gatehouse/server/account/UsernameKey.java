package dev.gatehouse.server.account;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/** The name by which people are told apart: NFKC, in lower case, so that one spelling of a name is as good as another. */
record UsernameKey(String value) {
    private static final int LONGEST_NAME = 254;

    /** The key of a name, or nothing for what cannot be a name. */
    static Optional<UsernameKey> of(String username) {
        if (username.isBlank() || username.length() > LONGEST_NAME || username.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        return Optional.of(new UsernameKey(folded(username)));
    }

    /** Normalised twice, because lower case of a normalised text is not always normalised. */
    private static String folded(String username) {
        String lower = Normalizer.normalize(username, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }
}
