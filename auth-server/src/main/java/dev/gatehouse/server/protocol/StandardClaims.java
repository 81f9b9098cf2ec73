package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.oauth.Scopes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client may learn of a person by the scopes that it was granted, OpenID Connect Core sections 5.1 and 5.4. */
final class StandardClaims {
    private static final Map<String, List<String>> BY_SCOPE = Map.of(
            "profile",
            List.of(
                    "name",
                    "family_name",
                    "given_name",
                    "middle_name",
                    "nickname",
                    "profile",
                    "picture",
                    "website",
                    "gender",
                    "birthdate",
                    "zoneinfo",
                    "locale",
                    "updated_at"),
            "address",
            List.of("address"),
            "phone",
            List.of("phone_number", "phone_number_verified"));

    private StandardClaims() {}

    /** The claims about the person, {@code sub} first. */
    static Map<String, Object> of(Account account, Scopes scopes) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", account.id());
        if (scopes.contains("profile")) {
            claims.put("preferred_username", account.username());
        }
        for (String scope : scopes.values()) {
            for (String claim : BY_SCOPE.getOrDefault(scope, List.of())) {
                Object value = account.claims().get(claim);
                if (value != null) {
                    claims.put(claim, value);
                }
            }
        }
        if (scopes.contains("email") && account.email() != null) {
            claims.put("email", account.email());
            claims.put("email_verified", account.emailVerified());
        }
        return claims;
    }
}
