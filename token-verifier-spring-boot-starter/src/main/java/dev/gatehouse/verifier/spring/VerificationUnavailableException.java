package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.Refusal;
import org.springframework.security.oauth2.jwt.JwtException;

/** A token could not be decided about for now; Spring Security passes this on as an {@code AuthenticationServiceException}. */
public final class VerificationUnavailableException extends JwtException {

    private static final long serialVersionUID = 1;

    private final Refusal reason;

    VerificationUnavailableException(Refusal reason) {
        super("Access tokens cannot be verified for now");
        this.reason = reason;
    }

    public Refusal reason() {
        return reason;
    }
}
