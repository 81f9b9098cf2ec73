package dev.gatehouse.server.admin;

import dev.gatehouse.server.account.PasswordHash;
import dev.gatehouse.server.oauth.Secret;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person and what they log in with.
 *
 * @param password in the demo only
 */
record DeclaredPerson(
        String username,
        @Nullable String email,
        boolean emailVerified,
        List<String> roles,
        Map<String, Object> claims,
        @Nullable Secret password,
        @Nullable PasswordHash passwordHash) {

    /** What two names must not share: they would be the same person's. */
    static String key(String username) {
        String lower = Normalizer.normalize(username, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    String key() {
        return key(username);
    }

    DeclaredPerson withPassword(Secret chosen) {
        return new DeclaredPerson(username, email, emailVerified, roles, claims, chosen, null);
    }
}
