package dev.gatehouse.server.oauth;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A set of scope tokens, RFC 6749 section 3.3, in the order in which they were given. */
public record Scopes(Set<String> values) {
    private static final Scopes NONE = new Scopes(Set.of());

    /** The scopes of OpenID Connect Core, which belong to the issuer and not to any API. */
    public static final Scopes OPENID_CONNECT =
            Scopes.of("openid", "profile", "email", "address", "phone", "offline_access");

    public Scopes {
        values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    public static Scopes none() {
        return NONE;
    }

    public static Scopes of(String... values) {
        return new Scopes(new LinkedHashSet<>(java.util.List.of(values)));
    }

    public static Scopes of(Collection<String> values) {
        return new Scopes(new LinkedHashSet<>(values));
    }

    /**
     * Reads a {@code scope} parameter.
     *
     * @throws OAuthException {@code invalid_scope} when it holds a character that RFC 6749 appendix A.4 forbids
     */
    public static Scopes parse(String parameter) {
        Set<String> values = new LinkedHashSet<>();
        for (String value : parameter.split(" ", -1)) {
            if (!value.isEmpty()) {
                if (!value.chars().allMatch(c -> c == 0x21 || (c >= 0x23 && c <= 0x5B) || (c >= 0x5D && c <= 0x7E))) {
                    throw new OAuthException(OAuthError.INVALID_SCOPE, "scope holds a character that is not allowed");
                }
                values.add(value);
            }
        }
        return new Scopes(values);
    }

    public boolean contains(String scope) {
        return values.contains(scope);
    }

    public boolean containsAll(Scopes other) {
        return values.containsAll(other.values);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public Scopes intersect(Scopes other) {
        return new Scopes(values.stream().filter(other::contains).collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    public Scopes union(Scopes other) {
        Set<String> all = new LinkedHashSet<>(values);
        all.addAll(other.values);
        return new Scopes(all);
    }

    public Scopes minus(Scopes other) {
        return new Scopes(
                values.stream().filter(v -> !other.contains(v)).collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /** The {@code scope} parameter: the values parted by one space. */
    @Override
    public String toString() {
        return String.join(" ", values);
    }
}
