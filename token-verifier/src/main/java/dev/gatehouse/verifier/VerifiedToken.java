package dev.gatehouse.verifier;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An access token's header and claims, as JSON values, after every check has passed. */
public record VerifiedToken(Map<String, Object> header, Map<String, Object> claims) {

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

    private String text(String name) {
        return claims.get(name) instanceof String value ? value : "";
    }
}
