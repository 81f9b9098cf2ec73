package dev.gatehouse.verifier;

import dev.gatehouse.verifier.Rule.Cut;
import dev.gatehouse.verifier.Rule.Kind;
import dev.gatehouse.verifier.Rule.Match;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Rules by the kind and the value that they refuse. Values of the forms in which the issuer writes random numbers, nearly
 * all there are, are held as numbers; any other is held as it is.
 */
final class HashedRules implements Rules {

    private final Map<Kind, Map<ValueForm, ValueTable>> tables = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, Long>> matches = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, Cut>> cuts = new EnumMap<>(Kind.class);

    HashedRules() {
        this(new SecureRandom());
    }

    HashedRules(RandomGenerator random) {
        for (Kind kind : Kind.values()) {
            Map<ValueForm, ValueTable> ofKind = new EnumMap<>(ValueForm.class);
            for (ValueForm form : ValueForm.values()) {
                ofKind.put(form, new ValueTable(kind.isCut(), random));
            }
            tables.put(kind, ofKind);
            matches.put(kind, new ConcurrentHashMap<>());
            cuts.put(kind, new ConcurrentHashMap<>());
        }
    }

    @Override
    public void add(Rule rule) {
        if (rule instanceof Match match) {
            addMatch(match);
        } else if (rule instanceof Cut cut) {
            addCut(cut);
        }
    }

    private void addMatch(Match match) {
        ValueForm form = form(match.value());
        if (form == null) {
            matches(match.kind()).merge(match.value(), match.expires(), Math::max);
        } else {
            table(match.kind(), form).add(form.high(match.value()), form.low(match.value()), match.expires());
        }
    }

    private void addCut(Cut cut) {
        ValueForm form = form(cut.value());
        if (form == null) {
            cuts(cut.kind()).merge(cut.value(), cut, HashedRules::wider);
        } else {
            table(cut.kind(), form)
                    .add(
                            form.high(cut.value()),
                            form.low(cut.value()),
                            cut.before().epoch(),
                            cut.before().seq(),
                            cut.expires());
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
        tables.values().forEach(ofKind -> ofKind.values().forEach(table -> table.forget(second)));
        matches.values().forEach(ofKind -> ofKind.values().removeIf(expires -> expires <= second));
        cuts.values().forEach(ofKind -> ofKind.values().removeIf(cut -> cut.expires() <= second));
    }

    @Override
    public long size() {
        long size = 0;
        for (Kind kind : Kind.values()) {
            size += matches(kind).size() + cuts(kind).size();
            for (ValueForm form : ValueForm.values()) {
                size += table(kind, form).size();
            }
        }
        return size;
    }

    private boolean matches(Kind kind, @Nullable String value) {
        if (value == null) {
            return false;
        }
        ValueForm form = form(value);
        return form == null
                ? matches(kind).containsKey(value)
                : table(kind, form).contains(form.high(value), form.low(value));
    }

    private boolean cuts(Kind kind, @Nullable String value, @Nullable Position rev) {
        if (value == null) {
            return false;
        }
        ValueForm form = form(value);
        if (form != null) {
            return table(kind, form).containsAfter(form.high(value), form.low(value), rev);
        }
        Cut cut = cuts(kind).get(value);
        return cut != null && (rev == null || rev.compareTo(cut.before()) < 0);
    }

    private static @Nullable ValueForm form(String value) {
        ValueForm form = ValueForm.of(value);
        return form != null && ValueTable.takes(form.high(value)) ? form : null;
    }

    /** Two cuts for one value refuse what either refuses. */
    private static Cut wider(Cut one, Cut other) {
        Position before = one.before().compareTo(other.before()) < 0 ? other.before() : one.before();
        return new Cut(one.kind(), one.value(), before, Math.max(one.expires(), other.expires()));
    }

    @SuppressWarnings("NullAway") // the constructor fills in every kind and form
    private ValueTable table(Kind kind, ValueForm form) {
        return tables.get(kind).get(form);
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
