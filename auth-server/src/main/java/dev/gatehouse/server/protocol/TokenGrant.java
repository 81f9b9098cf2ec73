package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthException;

/** One way to get a token: what the token endpoint does for one {@code grant_type}. */
interface TokenGrant {
    /** The {@code grant_type} that it answers to. */
    String type();

    /**
     * Issues what the request asks for.
     *
     * @throws OAuthException a refusal, RFC 6749 section 5.2; nothing has changed then
     */
    IssuedTokens issue(Client client, Form form);
}
