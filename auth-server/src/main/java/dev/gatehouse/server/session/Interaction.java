package dev.gatehouse.server.session;

import dev.gatehouse.server.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An authorization request that waits while the person logs in, chooses an account or consents.
 *
 * @param id unguessable, and good only in the browser session that it was begun in
 * @param scopes what the client asks for, as far as its registration allows
 * @param parameters the request's parameters as they came
 * @param reauthenticate whether the person must log in again although logged in already
 * @param loginHint what to put into the user name field, or empty
 * @param marks what the person has done about it so far
 */
public record Interaction(
        String id,
        String clientId,
        Scopes scopes,
        Map<String, List<String>> parameters,
        Instant begunAt,
        boolean reauthenticate,
        String loginHint,
        Set<Mark> marks) {

    /** Something that the person has done about an interaction. */
    public enum Mark {
        ACCOUNT_SELECTED,
        CONSENT_ALLOWED,
        CONSENT_DENIED
    }
}
