package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.PresentedClient.NameOnly;
import dev.gatehouse.server.protocol.PresentedClient.Proof;
import dev.gatehouse.server.protocol.PresentedClient.WithSecret;
import dev.gatehouse.server.protocol.PresentedClient.WithToken;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/** Reads how the client presents itself, RFC 6749 section 2.3: by exactly one method. */
final class ClientAuthenticationConverter implements AuthenticationConverter {
    private final ClientAddress addresses;

    private final AccessTokens accessTokens;

    ClientAuthenticationConverter(ClientAddress addresses, AccessTokens accessTokens) {
        this.addresses = addresses;
        this.accessTokens = accessTokens;
    }

    @Override
    public Authentication convert(HttpServletRequest request) {
        return Refusal.orResult(() -> {
            Form form = Form.of(request);
            return new PresentedClient(form, proof(request, form), addresses.of(request), accessTokens.now());
        });
    }

    private static Proof proof(HttpServletRequest request, Form form) {
        if (form.get("client_assertion").isPresent()) {
            throw new OAuthException(OAuthError.INVALID_CLIENT, "client assertions are not supported");
        }
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        return switch (headers.size()) {
            case 0 -> fromForm(form);
            case 1 -> fromHeader(headers.getFirst(), form, EndpointSecurity.isIntrospection(request));
            default -> throw invalid("there is more than one Authorization header");
        };
    }

    private static Proof fromForm(Form form) {
        String clientId = form.get("client_id")
                .orElseThrow(() -> new OAuthException(OAuthError.INVALID_CLIENT, "client authentication is missing"));
        Optional<String> secret = form.get("client_secret");
        return secret.isPresent() ? new WithSecret(clientId, new Secret(secret.get())) : new NameOnly(clientId);
    }

    private static Proof fromHeader(String header, Form form, boolean takesTokens) {
        if (form.get("client_secret").isPresent()) {
            throw invalid("the client uses more than one authentication method");
        }
        if (takesTokens && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return new WithToken(new Secret(header.substring(7).strip()));
        }
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw new OAuthException(OAuthError.INVALID_CLIENT, "this authentication scheme is not supported");
        }
        WithSecret basic = basic(header.substring(6).strip());
        if (!form.get("client_id").orElse(basic.clientId()).equals(basic.clientId())) {
            throw invalid("client_id differs from the client that authenticates");
        }
        return basic;
    }

    private static WithSecret basic(String credentials) {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            if (colon < 1) {
                throw new OAuthException(OAuthError.INVALID_CLIENT, "the Basic credentials are malformed");
            }
            return new WithSecret(form(decoded.substring(0, colon)), new Secret(form(decoded.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            throw new OAuthException(OAuthError.INVALID_CLIENT, "the Basic credentials are malformed");
        }
    }

    private static String form(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, description);
    }
}
