package dev.gatehouse.server.session;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The login sessions that are alive. */
public interface LoginSessions {
    /** The login of this request's browser. */
    Optional<LoginSession> current(HttpServletRequest request);

    /**
     * Logs the person in on this request's browser. The browser's session id changes. When the same person is logged in
     * there already, the {@code sid} stays and authTime, amr and acr are renewed; another person's session is left to
     * expire unused and a new sid begins.
     */
    LoginSession start(HttpServletRequest request, String accountId, String username, List<String> amr);

    /**
     * Carries a login on, on this request's browser, whose session id changes. The proof is as old as it was, and {@code acr} says that
     * it is no new one.
     *
     * @return nothing when the login has been ended
     */
    Optional<LoginSession> carryOn(HttpServletRequest request, RememberedBrowser remembered, String username);

    /** Whether the session with this sid has neither ended nor expired. */
    boolean isAlive(String sid);

    /**
     * Whether the session is known and has not been ended. Other than {@link #isAlive} it may have expired: its grants can
     * outlive it, and whoever logs out means them too.
     */
    boolean canEnd(String sid);

    /**
     * Notes that a client's grant hangs on the session, so that ending the session ends the grant.
     *
     * @return false when the session has ended: the grant must not live on
     */
    boolean attachGrant(String sid, String grantId, String clientId);

    /**
     * Notes that a client has an access token in the session that no grant stands behind, until it expires.
     *
     * @return false when the session has ended: the token must not be issued
     */
    boolean attachToken(String sid, String jti, String clientId, Instant expires);

    /**
     * The logins of a person that have not been ended, those used last first; expired ones too while grants may hang on them or a
     * browser may carry them on.
     */
    List<SessionSummary> of(String accountId);

    /** Ends the session: the browser is logged out, and does not carry it on. Says the same when done again soon. Nothing when there is no such session. */
    Optional<EndedSession> end(String sid);
}
