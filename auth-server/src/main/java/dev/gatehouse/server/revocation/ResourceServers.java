package dev.gatehouse.server.revocation;

import dev.gatehouse.server.client.AuthenticationMethod;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Tells who asks at an endpoint for resource servers: a confidential client, by its secret (RFC 6749 section 2.3.1) or by an
 * access token that it got for itself and for the issuer.
 */
public final class ResourceServers {
    private final Clients clients;

    private final AccessTokens accessTokens;

    private final RevocationRules rules;

    private final Issuer issuer;

    ResourceServers(Clients clients, AccessTokens accessTokens, RevocationRules rules, Issuer issuer) {
        this.clients = clients;
        this.accessTokens = accessTokens;
        this.rules = rules;
        this.issuer = issuer;
    }

    /** Whoever the request's one Authorization header, Basic or Bearer, proves. */
    public Optional<ResourceServer> authenticate(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.size() != 1) {
            return Optional.empty();
        }
        String header = headers.getFirst();
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return basic(header.substring(6).strip());
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return bearer(new Secret(header.substring(7).strip()));
        }
        return Optional.empty();
    }

    /** The client whose access token this is: its own, for the issuer, and not revoked. */
    public Optional<ResourceServer> bearer(Secret token) {
        return accessTokens
                .read(token.value())
                .filter(claims -> claims.audience().contains(issuer.value()))
                .filter(claims -> claims.subject().equals(claims.clientId()))
                .filter(claims -> !rules.refuses(claims))
                .flatMap(this::holder);
    }

    private Optional<ResourceServer> holder(AccessTokenClaims claims) {
        return clients.find(claims.clientId())
                .filter(client -> !client.isPublic())
                .map(client -> new ResourceServer(client, claims));
    }

    private Optional<ResourceServer> basic(String credentials) {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : bySecret(form(decoded.substring(0, colon)), new Secret(form(decoded.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String form(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    private Optional<ResourceServer> bySecret(String clientId, Secret secret) {
        return clients.find(clientId)
                .filter(ResourceServers::hasSecret)
                .filter(client -> clients.secretMatches(client.id(), secret))
                .map(client -> new ResourceServer(client, null));
    }

    private static boolean hasSecret(Client client) {
        return client.authentication() == AuthenticationMethod.CLIENT_SECRET_BASIC
                || client.authentication() == AuthenticationMethod.CLIENT_SECRET_POST;
    }
}
