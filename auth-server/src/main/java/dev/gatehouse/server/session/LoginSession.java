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
 * @param acr the authentication context class that was reached
 */
public record LoginSession(
        String sid, String accountId, String username, Instant authTime, List<String> amr, String acr) {
    public LoginSession {
        amr = List.copyOf(amr);
    }
}
