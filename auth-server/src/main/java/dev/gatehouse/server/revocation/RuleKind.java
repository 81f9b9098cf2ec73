package dev.gatehouse.server.revocation;

import java.util.Locale;

/** What a rule looks at, docs/revocation-feed.md. */
enum RuleKind {
    JTI,
    GRANT_ID,
    SID,
    KID,
    SUB,
    CLIENT_ID;

    /** The kind as it goes over the wire, for example {@code grant_id}. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the rule refuses only what was issued before a position. */
    boolean isCut() {
        return this == SUB || this == CLIENT_ID;
    }
}
