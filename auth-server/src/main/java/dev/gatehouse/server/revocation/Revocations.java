package dev.gatehouse.server.revocation;

import java.time.Instant;

/**
 * Writes revocation rules. Each call returns when the rule stands in the log and in PostgreSQL; what hangs on it (refresh
 * token families, login sessions) is ended as an effect of the rule, by every issuer that reads it. It answers with a position
 * of the log that the rule is in force at. A call that fails may have written the rule all the same; every call may be
 * repeated.
 */
public interface Revocations {
    /** Refuses one access token, which expires at the given time. */
    LogPosition revokeToken(String jti, Instant expiresAt);

    /** Ends a refresh token family and refuses its access tokens. */
    LogPosition revokeGrant(String grantId);

    /** Ends a login session, its refresh token families, and refuses its access tokens. */
    LogPosition revokeSession(String sid);

    /** Refuses the access tokens that a subject has now; later ones are good. */
    LogPosition revokeSubject(String subject);

    /** Refuses the access tokens that a client has now; later ones are good. */
    LogPosition revokeClient(String clientId);

    /** Refuses everything signed with a key. */
    LogPosition revokeKey(String kid);
}
