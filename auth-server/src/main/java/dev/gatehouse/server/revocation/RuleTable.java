package dev.gatehouse.server.revocation;

import dev.gatehouse.server.token.AccessTokenClaims;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules that this issuer holds, by kind and value. Adding one only ever adds refusals: of two rules for one value the
 * later cut and the later expiry stand.
 */
final class RuleTable {
    private record Key(String kind, String value) {}

    private final Map<Key, Rule> rules = new ConcurrentHashMap<>();

    private final PriorityQueue<Rule> byExpiry = new PriorityQueue<>(Comparator.comparingLong(Rule::expires));

    private final Duration skew;

    RuleTable(Duration skew) {
        this.skew = skew;
    }

    void add(Rule rule) {
        rules.compute(new Key(rule.kind(), rule.value()), (_, held) -> {
            Rule stands = held == null ? rule : union(held, rule);
            if (held == null || stands.expires() > held.expires()) {
                synchronized (byExpiry) {
                    byExpiry.add(stands);
                }
            }
            return stands;
        });
    }

    private static Rule union(Rule a, Rule b) {
        LogPosition before =
                a.before() == null || (b.before() != null && b.before().isBefore(a.before())) ? a.before() : b.before();
        return new Rule(a.kind(), a.value(), before, Math.max(a.expires(), b.expires()));
    }

    /** Forgets rules whose time, and the skew that clocks may have, is over. */
    void forgetExpired(long now) {
        for (Rule rule = nextExpired(now); rule != null; rule = nextExpired(now)) {
            long expires = rule.expires();
            rules.computeIfPresent(
                    new Key(rule.kind(), rule.value()), (_, held) -> held.expires() <= expires ? null : held);
        }
    }

    private @Nullable Rule nextExpired(long now) {
        synchronized (byExpiry) {
            Rule oldest = byExpiry.peek();
            return oldest == null || oldest.expires() + skew.toSeconds() > now ? null : byExpiry.poll();
        }
    }

    Collection<Rule> all() {
        return rules.values();
    }

    int size() {
        return rules.size();
    }

    boolean holds(RuleKind kind, String value, long until) {
        Rule rule = find(kind, value);
        return rule != null && rule.expires() >= until;
    }

    boolean refuses(AccessTokenClaims token) {
        Optional<LogPosition> issuedAt = LogPosition.parse(token.issuedAtPosition());
        return has(RuleKind.JTI, token.jti())
                || has(RuleKind.GRANT_ID, token.grantId())
                || has(RuleKind.SID, token.sid())
                || has(RuleKind.KID, token.kid())
                || isCut(RuleKind.SUB, token.subject(), issuedAt)
                || isCut(RuleKind.CLIENT_ID, token.clientId(), issuedAt)
                || token.origin().stream().anyMatch(origin -> refuses(origin, issuedAt));
    }

    private boolean refuses(AccessTokenClaims.Origin origin, Optional<LogPosition> issuedAt) {
        return has(RuleKind.JTI, origin.jti())
                || has(RuleKind.KID, origin.kid())
                || isCut(RuleKind.CLIENT_ID, origin.clientId(), issuedAt);
    }

    private boolean has(RuleKind kind, @Nullable String value) {
        return value != null && find(kind, value) != null;
    }

    private boolean isCut(RuleKind kind, String value, Optional<LogPosition> issuedAt) {
        Rule rule = find(kind, value);
        if (rule == null) {
            return false;
        }
        LogPosition before = rule.before();
        return before == null || issuedAt.isEmpty() || issuedAt.get().isBefore(before);
    }

    private @Nullable Rule find(RuleKind kind, String value) {
        return rules.get(new Key(kind.wire(), value));
    }
}
