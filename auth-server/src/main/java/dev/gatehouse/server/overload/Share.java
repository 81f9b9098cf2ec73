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

    /** Whether it is programs that ask, who know what to do with a refusal in JSON. */
    boolean isMachines() {
        return this != PAGES;
    }

    /**
     * Whether a request is too late. People, who would only ask again, may wait twice as long as machines, and a revocation is never too late.
     *
     * @param waited for how many nanoseconds it has waited, if that is more than half of the bound, or 0
     */
    boolean isTooLate(long waited, long longestWait) {
        return switch (this) {
            case TOKEN, INTROSPECTION -> waited > 0;
            case PAGES -> waited > longestWait;
            case REVOCATION -> false;
        };
    }

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
