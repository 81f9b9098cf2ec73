package dev.gatehouse.server.keys;

import java.util.Locale;

/** Where a signing key is in its life. Every one of them is published. */
enum KeyState {
    /** Published, so that verifiers know it before it signs. */
    NEXT,
    /** Signs. */
    ACTIVE,
    /** Signs no more; published until its last token has expired. */
    RETIRED;

    /** The stored value, for example {@code active}. */
    String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KeyState of(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }
}
