package dev.gatehouse.server.oauth;

/** The error codes of the OAuth and OpenID Connect registries that Gatehouse answers with. */
public enum OAuthError {
    INVALID_REQUEST,
    INVALID_CLIENT,
    INVALID_GRANT,
    UNAUTHORIZED_CLIENT,
    UNSUPPORTED_GRANT_TYPE,
    INVALID_SCOPE,
    /** RFC 8707 section 2. */
    INVALID_TARGET,
    ACCESS_DENIED,
    UNSUPPORTED_RESPONSE_TYPE,
    SERVER_ERROR,
    TEMPORARILY_UNAVAILABLE,
    /** RFC 7009 section 2.2.1. */
    UNSUPPORTED_TOKEN_TYPE,
    /** RFC 6750 section 3.1. */
    INVALID_TOKEN,
    INSUFFICIENT_SCOPE,
    /** OpenID Connect Core section 3.1.2.6. */
    LOGIN_REQUIRED,
    INTERACTION_REQUIRED,
    CONSENT_REQUIRED,
    ACCOUNT_SELECTION_REQUIRED,
    /** OpenID Connect Core Error Code unmet_authentication_requirements 1.0; RFC 9470 section 5. */
    UNMET_AUTHENTICATION_REQUIREMENTS,
    REQUEST_NOT_SUPPORTED,
    REQUEST_URI_NOT_SUPPORTED,
    REGISTRATION_NOT_SUPPORTED;

    /** The code as it goes over the wire, for example {@code invalid_request}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
