package dev.gatehouse.server.oauth;

import org.jspecify.annotations.Nullable;

/** A refusal, RFC 6749 section 5.2: its description is public text for the client's developer. */
public final class OAuthException extends RuntimeException {
    private final OAuthError error;

    private final @Nullable String auditReason;

    public OAuthException(OAuthError error, String description) {
        this(error, description, null);
    }

    /** A refusal whose true reason goes to the audit log only. */
    public OAuthException(OAuthError error, String description, @Nullable String auditReason) {
        super(description, null, false, false);
        this.error = error;
        this.auditReason = auditReason;
    }

    public OAuthError error() {
        return error;
    }

    /** The public text. */
    public String description() {
        return String.valueOf(getMessage());
    }

    public @Nullable String auditReason() {
        return auditReason;
    }
}
