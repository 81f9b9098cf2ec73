package dev.gatehouse.server.consent;

import dev.gatehouse.server.oauth.Scopes;

/** What people have agreed to, by person and client; remembered in PostgreSQL. */
public interface Consents {
    Scopes granted(String accountId, String clientId);

    /** Adds to what the person has agreed to. */
    void grant(String accountId, String clientId, Scopes scopes);
}
