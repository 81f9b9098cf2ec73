package dev.gatehouse.verifier;

import dev.gatehouse.verifier.Rule.Cut;
import dev.gatehouse.verifier.Rule.Kind;
import dev.gatehouse.verifier.Rule.Match;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Rules in hash tables, one for each kind, keyed by the value that they refuse. */
final class HashedRules implements Rules {

    private final Map<Kind, Map<String, Long>> matches = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, Cut>> cuts = new EnumMap<>(Kind.class);

    HashedRules() {
        for (Kind kind : Kind.values()) {
            matches.put(kind, new ConcurrentHashMap<>());
            cuts.put(kind, new ConcurrentHashMap<>());
        }
    }

    @Override
    public void add(Rule rule) {
        if (rule instanceof Match match) {
            matches(match.kind()).merge(match.value(), match.expires(), Math::max);
        } else if (rule instanceof Cut cut) {
            cuts(cut.kind()).merge(cut.value(), cut, HashedRules::wider);
        }
    }

    @Override
    public boolean refuse(RuleTarget token) {
        return matches(Kind.JTI, token.jti())
                || matches(Kind.GRANT_ID, token.grantId())
                || matches(Kind.SID, token.sid())
                || matches(Kind.KID, token.kid())
                || cuts(Kind.SUB, token.sub(), token.rev())
                || cuts(Kind.CLIENT_ID, token.clientId(), token.rev())
                || refuseOrigin(token);
    }

    private boolean refuseOrigin(RuleTarget token) {
        for (RuleTarget.Origin origin : token.origins()) {
            if (matches(Kind.JTI, origin.jti())
                    || matches(Kind.KID, origin.kid())
                    || cuts(Kind.CLIENT_ID, origin.clientId(), token.rev())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void forget(long second) {
        matches.values().forEach(ofKind -> ofKind.values().removeIf(expires -> expires <= second));
        cuts.values().forEach(ofKind -> ofKind.values().removeIf(cut -> cut.expires() <= second));
    }

    @Override
    public long size() {
        long size = 0;
        for (Kind kind : Kind.values()) {
            size += matches(kind).size() + cuts(kind).size();
        }
        return size;
    }

    private boolean matches(Kind kind, @Nullable String value) {
        return value != null && matches(kind).containsKey(value);
    }

    private boolean cuts(Kind kind, @Nullable String value, @Nullable Position rev) {
        Cut cut = value == null ? null : cuts(kind).get(value);
        return cut != null && (rev == null || rev.compareTo(cut.before()) < 0);
    }

    /** Two cuts for one value refuse what either refuses. */
    private static Cut wider(Cut one, Cut other) {
        Position before = one.before().compareTo(other.before()) < 0 ? other.before() : one.before();
        return new Cut(one.kind(), one.value(), before, Math.max(one.expires(), other.expires()));
    }

    @SuppressWarnings("NullAway") // the constructor fills in every kind
    private Map<String, Long> matches(Kind kind) {
        return matches.get(kind);
    }

    @SuppressWarnings("NullAway") // the constructor fills in every kind
    private Map<String, Cut> cuts(Kind kind) {
        return cuts.get(kind);
    }
}
