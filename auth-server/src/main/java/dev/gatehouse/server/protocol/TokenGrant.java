package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.token.IssueMoment;

/** One way to get a token: what the token endpoint does for one {@code grant_type}. */
interface TokenGrant {
    /** The {@code grant_type} that it answers to. */
    String type();

    /**
     * Issues what the request asks for.
     *
     * @param moment when the request came, which the tokens say
     * @throws OAuthException a refusal, RFC 6749 section 5.2; nothing has changed then
     */
    IssuedTokens issue(Client client, Form form, IssueMoment moment);
}
