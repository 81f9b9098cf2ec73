package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.AuthenticationMethod;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.protocol.PresentedClient.NameOnly;
import dev.gatehouse.server.protocol.PresentedClient.WithSecret;
import dev.gatehouse.server.protocol.PresentedClient.WithToken;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import dev.gatehouse.server.revocation.ResourceServer;
import dev.gatehouse.server.revocation.ResourceServers;
import dev.gatehouse.server.web.IpAddresses;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/**
 * Believes a client or not. Who fails is told nothing of why, and one address may fail only so often.
 *
 * <p>A registered secret may come in the header or in the body: neither proves more than the other.
 */
final class ClientAuthenticationProvider implements AuthenticationProvider {
    private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private final Clients clients;

    private final ResourceServers resourceServers;

    private final RateLimiter limiter;

    private final ProtocolProperties properties;

    ClientAuthenticationProvider(
            Clients clients, ResourceServers resourceServers, RateLimiter limiter, ProtocolProperties properties) {
        this.clients = clients;
        this.resourceServers = resourceServers;
        this.limiter = limiter;
        this.properties = properties;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return PresentedClient.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        PresentedClient presented = (PresentedClient) authentication;
        return Refusal.orResult(() -> believed(presented)
                .map(client -> new AuthenticatedClient(client, presented.form(), presented.moment()))
                .orElseThrow(() -> failed(presented)));
    }

    private Optional<Client> believed(PresentedClient presented) {
        return switch (presented.proof()) {
            case NameOnly(String clientId) -> find(clientId).filter(Client::isPublic);
            case WithSecret(String clientId, var secret) ->
                find(clientId)
                        .filter(ClientAuthenticationProvider::hasSecret)
                        .filter(client -> clients.secretMatches(client.id(), secret));
            case WithToken(var token) -> resourceServers.bearer(token).map(ResourceServer::client);
        };
    }

    private Optional<Client> find(String clientId) {
        return CLIENT_ID.matcher(clientId).matches() ? clients.find(clientId) : Optional.empty();
    }

    private static boolean hasSecret(Client client) {
        return client.authentication() == AuthenticationMethod.CLIENT_SECRET_BASIC
                || client.authentication() == AuthenticationMethod.CLIENT_SECRET_POST;
    }

    private RuntimeException failed(PresentedClient presented) {
        RateLimiter.Bucket failures =
                new RateLimiter.Bucket(properties.clientFailures().limit(), IpAddresses.customer(presented.address()));
        if (limiter.acquire(List.of(failures)) instanceof Limited limited) {
            return Refusal.tooMany(limited.retryAfter(), limited.limit().name());
        }
        return new OAuthException(OAuthError.INVALID_CLIENT, "client authentication failed");
    }
}
