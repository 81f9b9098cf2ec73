package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Which API a token is to be for: the one that {@code resource} names, RFC 8707, or the client's own. */
@Component
final class TargetApis {
    private final Apis apis;

    private final Issuer issuer;

    TargetApis(Apis apis, Issuer issuer) {
        this.apis = apis;
        this.issuer = issuer;
    }

    /**
     * The APIs that the client asks to reach, at least one; the client's own when it names none.
     *
     * @throws OAuthException {@code invalid_target} when one is unknown or not the client's to reach
     */
    List<Api> of(Client client, List<String> resources) {
        if (!resources.isEmpty()) {
            return resources.stream()
                    .distinct()
                    .map(resource -> allowed(client, resource))
                    .toList();
        }
        if (client.audience() == null) {
            throw new OAuthException(OAuthError.INVALID_TARGET, "the client has no default audience: name a resource");
        }
        return List.of(allowed(client, client.audience()));
    }

    /** The one API that a token is for. */
    Api of(Client client, Optional<String> resource) {
        return of(client, resource.stream().toList()).getFirst();
    }

    /** The one API that a token is for which names no grant, if the client may reach it. */
    Optional<Api> find(Client client, Optional<String> resource) {
        return reachable(client, resource.orElse(client.audience() == null ? issuer.value() : client.audience()));
    }

    private Optional<Api> reachable(Client client, String resource) {
        return apis.find(resource).filter(api -> apis.allowed(client, api) || isForTheLoginAlone(client, api));
    }

    private Api allowed(Client client, String resource) {
        return reachable(client, resource)
                .orElseThrow(
                        () -> new OAuthException(OAuthError.INVALID_TARGET, "the client may not reach this resource"));
    }

    /** A client without an API of its own, which only wants to know who the person is, gets tokens for the issuer. */
    private boolean isForTheLoginAlone(Client client, Api api) {
        return client.audience() == null && api.audience().equals(issuer.value());
    }

    /** What a token for this API can say of these scopes: the API's own, and those that belong to the issuer. */
    static Scopes within(Api api, Scopes scopes) {
        return scopes.intersect(api.scopes().union(Scopes.OPENID_CONNECT));
    }
}
