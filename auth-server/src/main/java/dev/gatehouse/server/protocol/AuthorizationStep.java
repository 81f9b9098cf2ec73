package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.session.LoginSession;

/** What is to happen next with an authorization request. */
sealed interface AuthorizationStep {
    /**
     * The person logs in, or says who they are.
     *
     * @param again whether they must prove it although logged in
     */
    record LogIn(boolean again) implements AuthorizationStep {}

    /** The person, who is logged in, proves it by a second factor as well. */
    record StepUp() implements AuthorizationStep {}

    /** The person is asked whether they allow it. */
    record AskConsent() implements AuthorizationStep {}

    /** The client learns that it will not get a code. */
    record Refuse(OAuthException refusal) implements AuthorizationStep {}

    /** The client gets a code for this login. */
    record Allow(LoginSession login) implements AuthorizationStep {}
}
