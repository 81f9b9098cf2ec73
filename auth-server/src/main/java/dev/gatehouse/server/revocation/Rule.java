package dev.gatehouse.server.revocation;

import org.jspecify.annotations.Nullable;

/**
 * A rule as the log holds it, docs/revocation-feed.md.
 *
 * @param kind a {@link RuleKind}'s word, or one that only a newer issuer knows: that one is passed on all the same
 * @param before for a cut: what was issued at this position or later is good
 * @param expires seconds since 1970
 */
record Rule(String kind, String value, @Nullable LogPosition before, long expires) {
    boolean is(RuleKind other) {
        return kind.equals(other.wire());
    }
}
