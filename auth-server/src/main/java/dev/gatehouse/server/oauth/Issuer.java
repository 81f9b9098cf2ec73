package dev.gatehouse.server.oauth;

/** The issuer identifier, RFC 8414 section 2: an absolute URL without query, fragment or trailing slash. */
public record Issuer(String value) {
    /** The URL of a path below the issuer, for example {@code issuer.resolve("/oauth2/token")}. */
    public String resolve(String path) {
        return value + path;
    }
}
