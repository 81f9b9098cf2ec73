package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the person must be asked, or must not: the {@code prompt} of OpenID Connect Core section 3.1.2.1. */
enum Prompt {
    NONE,
    LOGIN,
    CONSENT,
    SELECT_ACCOUNT;

    static Set<Prompt> parse(@Nullable String parameter) {
        Set<Prompt> prompts = EnumSet.noneOf(Prompt.class);
        if (parameter != null) {
            for (String word : parameter.split(" ", -1)) {
                if (!word.isEmpty()) {
                    prompts.add(of(word));
                }
            }
        }
        if (prompts.contains(NONE) && prompts.size() > 1) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "prompt none goes with no other");
        }
        return prompts;
    }

    private static Prompt of(String word) {
        for (Prompt prompt : values()) {
            if (prompt.name().toLowerCase(Locale.ROOT).equals(word)) {
                return prompt;
            }
        }
        throw new OAuthException(OAuthError.INVALID_REQUEST, "prompt holds a value that is not supported");
    }
}
