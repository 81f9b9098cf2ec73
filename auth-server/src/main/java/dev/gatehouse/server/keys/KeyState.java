package dev.gatehouse.server.keys;

import java.util.Locale;

/** Where a signing key is in its life. */
public enum KeyState {
    /** Published, so that verifiers know it before it signs. */
    NEXT,
    /** Published, and signs. */
    ACTIVE,
    /** Signs no more; published until its last token has expired, and known here for as long as an ID token serves as a hint. */
    RETIRED,
    /** Neither signs nor is published: every token under it is refused. */
    COMPROMISED;

    /** The stored value, for example {@code active}. */
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KeyState of(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }

    boolean maySign() {
        return this == NEXT || this == ACTIVE;
    }
}
