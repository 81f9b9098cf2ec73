package dev.gatehouse.server.account;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person's account.
 *
 * @param id the {@code sub} of the person's tokens: a random UUID, never reused
 * @param claims standard claims, OpenID Connect Core section 5.1, under their registered names; {@code address} is a map
 */
public record Account(
        String id,
        String username,
        @Nullable String email,
        boolean emailVerified,
        List<String> roles,
        Map<String, Object> claims,
        boolean enabled) {
    public Account {
        roles = List.copyOf(roles);
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /** The name that the person goes by: their {@code name} claim, or the name that they log in with. */
    public String displayName() {
        return claims.get("name") instanceof String name && !name.isBlank() ? name : username;
    }
}
