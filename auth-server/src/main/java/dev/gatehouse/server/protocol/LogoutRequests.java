package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.protocol.IdTokens.Hint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads log-out requests. A hint that is not an ID token of ours is as good as none. */
@Component
final class LogoutRequests {
    private static final List<String> ONCE =
            List.of("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales");

    private final IdTokens idTokens;

    private final Clients clients;

    LogoutRequests(IdTokens idTokens, Clients clients) {
        this.idTokens = idTokens;
        this.clients = clients;
    }

    /** Empty when the browser must not be sent where the request says, or it contradicts itself. */
    Optional<LogoutRequest> read(RequestParameters parameters) {
        if (ONCE.stream().anyMatch(name -> parameters.has(name) && parameters.single(name) == null)) {
            return Optional.empty();
        }
        String idToken = parameters.single("id_token_hint");
        Hint hint = idToken == null ? null : idTokens.readHint(idToken).orElse(null);
        String clientId = parameters.single("client_id");
        if (hint != null && clientId != null && !clientId.equals(hint.clientId())) {
            return Optional.empty();
        }
        String asking = hint == null ? clientId : hint.clientId();
        String redirectUri = parameters.single("post_logout_redirect_uri");
        return redirectUri == null || isRegistered(redirectUri, asking)
                ? Optional.of(new LogoutRequest(hint, asking, redirectUri, parameters.single("state")))
                : Optional.empty();
    }

    private boolean isRegistered(String redirectUri, @Nullable String clientId) {
        return Stream.ofNullable(clientId)
                .flatMap(id -> clients.find(id).stream())
                .map(Client::postLogoutRedirectUris)
                .anyMatch(registered -> registered.contains(redirectUri));
    }
}
