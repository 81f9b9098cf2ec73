package dev.gatehouse.server.client;

/** How a client authenticates at the token endpoint, RFC 7591 section 2. */
public enum AuthenticationMethod {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    PRIVATE_KEY_JWT,
    TLS_CLIENT_AUTH,
    NONE;

    /** The registered value, for example {@code client_secret_basic}. */
    public String value() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
