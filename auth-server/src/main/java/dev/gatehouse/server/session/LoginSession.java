package dev.gatehouse.server.session;

import java.time.Instant;
import java.util.List;

/**
 * A person's login in one browser.
 *
 * @param sid the public session identifier of OpenID Connect; not the session cookie's value
 * @param accountId the person's {@code sub}
 * @param authTime when the person last proved who they are, whole seconds
 * @param amr how, RFC 8176, for example {@code pwd}
 * @param acr the authentication context class that was reached; {@link #REMEMBERED} when a remembered browser has carried it on
 */
public record LoginSession(
        String sid, String accountId, String username, Instant authTime, List<String> amr, String acr) {
    /** The class of a long-lived browser cookie, OpenID Connect Core section 2: nobody has seen that the same person is there. */
    public static final String REMEMBERED = "0";

    public LoginSession {
        amr = List.copyOf(amr);
    }

    public boolean isRemembered() {
        return acr.equals(REMEMBERED);
    }
}
