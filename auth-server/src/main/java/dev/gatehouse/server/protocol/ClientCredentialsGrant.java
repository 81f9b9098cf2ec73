package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.token.AccessTokenRequest;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.IssueMoment;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The client credentials grant, RFC 6749 section 4.4: a token for the client itself. Nothing is stored. */
@Component
final class ClientCredentialsGrant implements TokenGrant {
    private final TargetApis targets;

    private final AccessTokens accessTokens;

    ClientCredentialsGrant(TargetApis targets, AccessTokens accessTokens) {
        this.targets = targets;
        this.accessTokens = accessTokens;
    }

    @Override
    public String type() {
        return Client.CLIENT_CREDENTIALS;
    }

    @Override
    public IssuedTokens issue(Client client, Form form, IssueMoment moment) {
        Api api = targets.of(client, form.resource());
        Scopes scopes = scopes(client, api, form.get("scope").map(Scopes::parse));
        return IssuedTokens.of(accessTokens.issue(new AccessTokenRequest(
                accessTokens.newJti(),
                moment,
                client.id(),
                client.id(),
                api.audience(),
                scopes,
                api.signingAlgorithm(),
                null,
                null,
                null)));
    }

    /** The scopes of OpenID Connect are about a person, so a client alone has none of them. */
    private static Scopes scopes(Client client, Api api, Optional<Scopes> requested) {
        Scopes own = client.scopes().minus(Scopes.OPENID_CONNECT);
        if (requested.isEmpty()) {
            return own.intersect(api.scopes());
        }
        Scopes granted = requested.get().intersect(api.scopes());
        if (!own.containsAll(requested.get()) || granted.isEmpty()) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "the client may not ask for this scope there");
        }
        return granted;
    }
}
