package dev.gatehouse.server.overload;

import org.jspecify.annotations.Nullable;

/**
 * A kind of requests with places of its own among those that are worked on at once. What costs no more than its refusal would, what has a bound of
 * its own, and what operators ask for has no share: keys and metadata, the revocation feed and its receipts, style sheets, the admin API.
 */
enum Share {
    TOKEN,
    INTROSPECTION,
    REVOCATION,
    PAGES;

    static @Nullable Share of(String path) {
        return switch (path) {
            case "/oauth2/token" -> TOKEN;
            case "/oauth2/introspect", "/userinfo" -> INTROSPECTION;
            case "/oauth2/revoke" -> REVOCATION;
            case "/oauth2/jwks" -> null;
            case "/oauth2/authorize" -> PAGES;
            default -> ofOthers(path);
        };
    }

    private static @Nullable Share ofOthers(String path) {
        if (path.startsWith("/oauth2/")) {
            return TOKEN;
        }
        return path.startsWith("/.well-known/")
                        || path.startsWith("/revocations/")
                        || path.startsWith("/assets/")
                        || path.startsWith("/admin/api/")
                ? null
                : PAGES;
    }
}
