package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person has granted a client: the root of a code's tokens and of a refresh token family.
 *
 * @param id the {@code grant_id}
 * @param sid the login session that it hangs on
 * @param audiences the APIs that its tokens may be for; the first is the default
 */
public record Grant(
        String id,
        String clientId,
        String accountId,
        @Nullable String sid,
        Instant authTime,
        String acr,
        List<String> amr,
        Scopes scopes,
        List<String> audiences,
        @Nullable String nonce) {
    public Grant {
        amr = List.copyOf(amr);
        audiences = List.copyOf(audiences);
    }

    /** The same for a refresh: an ID token that was not asked for answers no nonce, OpenID Connect Core section 12.2. */
    public Grant withoutNonce() {
        return new Grant(id, clientId, accountId, sid, authTime, acr, amr, scopes, audiences, null);
    }
}
