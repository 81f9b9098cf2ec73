package dev.gatehouse.server.web;

import java.util.Locale;

/** A person as a page shows them: the name they go by, and the one they log in with. */
public record PersonView(String name, String username) {
    /** The first letter of the name. */
    public String initial() {
        return new String(Character.toChars(name.codePointAt(0))).toUpperCase(Locale.ROOT);
    }
}
