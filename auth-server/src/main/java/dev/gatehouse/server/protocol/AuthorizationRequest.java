package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.protocol.IdTokens.Hint;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An authorization request that is in order.
 *
 * @param scopes what it asks for and its audiences take
 * @param audiences the APIs that the tokens may be for
 * @param maxAge how long ago the person may have logged in
 * @param acrValues which classes of authentication it takes, the preferred one first
 * @param hint whom the client expects, by an earlier ID token
 * @param loginHint what the client thinks the person's user name is, or empty
 */
record AuthorizationRequest(
        ReturnAddress returnTo,
        Scopes scopes,
        List<String> audiences,
        @Nullable String codeChallenge,
        @Nullable String nonce,
        Set<Prompt> prompt,
        @Nullable Duration maxAge,
        @Nullable String acrValues,
        @Nullable Hint hint,
        String loginHint) {

    Client client() {
        return returnTo.client();
    }

    boolean prompts(Prompt asked) {
        return prompt.contains(asked);
    }

    /** Whether a login counts only when it is made for this request; {@code max_age=0} says the same as a prompt. */
    boolean wantsFreshLogin() {
        return prompts(Prompt.LOGIN) || Duration.ZERO.equals(maxAge);
    }
}
