package dev.gatehouse.verifier;

/** What happens to a token that is otherwise good while the copy of the revocation rules is out of date. */
public enum StalenessPolicy {
    /** It is refused. */
    CLOSED,
    /** The issuer is asked about it, and without an answer it is refused. */
    INTROSPECT,
    /** It passes, is counted, and the log warns. */
    OPEN
}
