package dev.gatehouse.verifier;

/** Why a token was refused. */
public enum Refusal {
    /** Not a signed JWT at all, or a claim that every access token has is missing or of the wrong type. */
    MALFORMED,
    /** Longer than a token may be. */
    OVERSIZED,
    /** Signed with an algorithm that is not allowed, or not signed. */
    ALGORITHM,
    /** Another kind of JWT, such as an ID token. */
    TYPE,
    /** Demands an extension that is not understood here. */
    CRITICAL_HEADER,
    /** Signed with a key that the issuer does not publish. */
    UNKNOWN_KEY,
    /** The signature does not fit. */
    SIGNATURE,
    /** From another issuer. */
    ISSUER,
    /** Meant for another API. */
    AUDIENCE,
    /** No longer valid. */
    EXPIRED,
    /** Not valid yet. */
    NOT_YET_VALID,
    /** Revoked by its issuer. */
    REVOKED,
    /** The issuer's keys have never been fetched, so nothing can be verified. */
    KEYS_UNAVAILABLE,
    /** The copy of the revocation rules is out of date and the policy is to refuse then. */
    STALE,
    /** The copy of the revocation rules is out of date and the issuer did not answer about this token. */
    INTROSPECTION_FAILED;

    /** Whether the fault lies with this service's knowledge, so that the same token may be good a moment later. */
    public boolean isTemporary() {
        return this == KEYS_UNAVAILABLE || this == STALE || this == INTROSPECTION_FAILED;
    }
}
