package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.token.IssueMoment;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A token request, RFC 6749 section 3.2: who asks, and the form. */
final class TokenRequest extends AbstractAuthenticationToken {
    private final AuthenticatedClient client;

    TokenRequest(AuthenticatedClient client) {
        super(List.of());
        this.client = client;
    }

    Client client() {
        return client.client();
    }

    IssueMoment moment() {
        return client.moment();
    }

    Form form() {
        return client.form();
    }

    @Override
    public Object getPrincipal() {
        return client;
    }

    @Override
    public Object getCredentials() {
        return "";
    }
}
