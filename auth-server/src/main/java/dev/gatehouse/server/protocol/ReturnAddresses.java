package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out where the answer to an authorization request may go, before anything else of the request is looked at. */
@Component
final class ReturnAddresses {
    private static final String UNKNOWN_CLIENT = "error.client";

    private static final String WRONG_REDIRECT_URI = "error.redirect-uri";

    private final Clients clients;

    ReturnAddresses(Clients clients) {
        this.clients = clients;
    }

    /** @throws NoReturnAddress when the client or its redirect URI is not certain */
    ReturnAddress of(RequestParameters parameters) {
        String clientId = parameters.single("client_id");
        if (clientId == null) {
            throw new NoReturnAddress(UNKNOWN_CLIENT, "no client_id, or more than one");
        }
        Client client =
                clients.find(clientId).orElseThrow(() -> new NoReturnAddress(UNKNOWN_CLIENT, "unknown client_id"));
        String state = parameters.single("state");
        return parameters.has("redirect_uri")
                ? new ReturnAddress(client, named(client, parameters.single("redirect_uri")), true, state)
                : new ReturnAddress(client, only(client, parameters), false, state);
    }

    private static String named(Client client, @Nullable String redirectUri) {
        if (redirectUri == null) {
            throw new NoReturnAddress(WRONG_REDIRECT_URI, "more than one redirect_uri");
        }
        if (client.redirectUris().stream().noneMatch(registered -> RedirectUris.matches(registered, redirectUri))) {
            throw new NoReturnAddress(WRONG_REDIRECT_URI, "redirect_uri is not registered");
        }
        return redirectUri;
    }

    /** RFC 6749 section 3.1.2.3; OpenID Connect Core section 3.1.2.1 always wants it named. */
    private static String only(Client client, RequestParameters parameters) {
        boolean openid = parameters.all().getOrDefault("scope", List.of()).stream()
                .anyMatch(scope -> List.of(scope.split(" ", -1)).contains("openid"));
        if (openid || client.redirectUris().size() != 1) {
            throw new NoReturnAddress(WRONG_REDIRECT_URI, "redirect_uri is missing");
        }
        return client.redirectUris().getFirst();
    }
}
