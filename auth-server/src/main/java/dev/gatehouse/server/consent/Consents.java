package dev.gatehouse.server.consent;

import dev.gatehouse.server.oauth.Scopes;
import java.time.Instant;
import java.util.List;

/** What people have agreed to, by person and client; remembered in PostgreSQL. */
public interface Consents {
    Scopes granted(String accountId, String clientId);

    /** Adds to what the person has agreed to. */
    void grant(String accountId, String clientId, Scopes scopes);

    /** What a person has agreed to, by client. */
    List<Consent> of(String accountId);

    /** Forgets what the person has agreed to: the client has to ask again. Whether there was anything to forget. */
    boolean withdraw(String accountId, String clientId);

    /** What a person lets a client do. */
    record Consent(String clientId, Scopes scopes, Instant grantedAt) {}
}
