package dev.gatehouse.verifier;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of the issuer's revocation log. */
sealed interface Rule {

    /** When it may be forgotten, in seconds since 1970. */
    long expires();

    /** Refuses the tokens whose claim, or whose key, has the value. */
    record Match(Kind kind, String value, long expires) implements Rule {}

    /** Refuses the tokens of a subject or client that were issued before a position of the log. */
    record Cut(Kind kind, String value, Position before, long expires) implements Rule {}

    /** A rule of a later version or a damaged one: what it would refuse is not known here. */
    record Unenforceable(long expires) implements Rule {}

    /** What a rule looks at. */
    enum Kind {
        JTI("jti"),
        GRANT_ID("grant_id"),
        SID("sid"),
        KID("kid"),
        SUB("sub"),
        CLIENT_ID("client_id");

        private final String claim;

        Kind(String claim) {
            this.claim = claim;
        }

        private static @Nullable Kind of(@Nullable Object name) {
            for (Kind kind : values()) {
                if (kind.claim.equals(name)) {
                    return kind;
                }
            }
            return null;
        }

        boolean isCut() {
            return this == SUB || this == CLIENT_ID;
        }
    }

    static Rule read(Map<String, Object> json) {
        if (!(json.get("expires") instanceof Number expires)) {
            return new Unenforceable(Long.MAX_VALUE);
        }
        Kind kind = Kind.of(json.get("kind"));
        if (kind == null || !(json.get("value") instanceof String value)) {
            return new Unenforceable(expires.longValue());
        }
        if (!kind.isCut()) {
            return new Match(kind, value, expires.longValue());
        }
        Position before = Position.parse(json.get("before"));
        return before == null
                ? new Unenforceable(expires.longValue())
                : new Cut(kind, value, before, expires.longValue());
    }
}
