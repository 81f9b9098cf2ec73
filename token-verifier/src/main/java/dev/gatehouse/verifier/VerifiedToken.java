package dev.gatehouse.verifier;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An access token's header and claims, as JSON values, after every check has passed. The same object is given to everyone
 * who presents the same token, so nothing in it can be changed.
 */
public final class VerifiedToken {

    private final Map<String, Object> header;
    private final Map<String, Object> claims;
    private volatile @Nullable Object otherForm;

    /** Of maps that have been frozen. */
    VerifiedToken(Map<String, Object> header, Map<String, Object> claims) {
        this.header = header;
        this.claims = claims;
    }

    public Map<String, Object> header() {
        return header;
    }

    public Map<String, Object> claims() {
        return claims;
    }

    /** The person, or the client itself, that the token speaks for. */
    public String subject() {
        return text("sub");
    }

    /** The client that the token was issued to. */
    public String clientId() {
        return text("client_id");
    }

    public String id() {
        return text("jti");
    }

    public Instant expiresAt() {
        return claims.get("exp") instanceof Number seconds ? Instant.ofEpochSecond(seconds.longValue()) : Instant.EPOCH;
    }

    public Set<String> scopes() {
        return Arrays.stream(text("scope").split(" "))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    public List<String> roles() {
        return claim("roles") instanceof Collection<?> roles
                ? roles.stream().map(String::valueOf).toList()
                : List.of();
    }

    public @Nullable Object claim(String name) {
        return claims.get(name);
    }

    /**
     * This token as another library knows it: made once and kept for as long as this object is, for one type at a time.
     * It is shared like this object and must be as unchangeable.
     */
    public <T> T as(Class<T> type, Function<VerifiedToken, T> form) {
        Object known = otherForm;
        if (type.isInstance(known)) {
            return type.cast(known);
        }
        T made = form.apply(this);
        otherForm = made;
        return made;
    }

    private String text(String name) {
        return claims.get(name) instanceof String value ? value : "";
    }
}
