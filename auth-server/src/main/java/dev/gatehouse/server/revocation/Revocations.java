package dev.gatehouse.server.revocation;

import java.time.Instant;

/**
 * Writes revocation rules. Each call returns when the rule stands in the log and in PostgreSQL; what hangs on it (refresh
 * token families, login sessions) is ended as an effect of the rule, by every issuer that reads it. A call that fails may
 * have written the rule all the same; every call may be repeated.
 */
public interface Revocations {
    /** Refuses one access token, which expires at the given time. */
    void revokeToken(String jti, Instant expiresAt);

    /** Ends a refresh token family and refuses its access tokens. */
    void revokeGrant(String grantId);

    /** Ends a login session, its refresh token families, and refuses its access tokens. */
    void revokeSession(String sid);

    /** Refuses the access tokens that a subject has now; later ones are good. */
    void revokeSubject(String subject);

    /** Refuses the access tokens that a client has now; later ones are good. */
    void revokeClient(String clientId);

    /** Refuses everything signed with a key. */
    void revokeKey(String kid);
}
