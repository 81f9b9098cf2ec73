package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.token.IssueMoment;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The client that makes this request: authenticated, or public and as who it says it is. */
final class AuthenticatedClient extends AbstractAuthenticationToken {
    private final transient Client client;

    private final transient Form form;

    private final transient IssueMoment moment;

    AuthenticatedClient(Client client, Form form, IssueMoment moment) {
        super(List.of());
        this.client = client;
        this.form = form;
        this.moment = moment;
        setAuthenticated(true);
    }

    /** The client of the request at hand, behind the client authentication filter. */
    static AuthenticatedClient current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof AuthenticatedClient client) {
            return client;
        }
        throw new IllegalStateException("not behind the client authentication filter");
    }

    Client client() {
        return client;
    }

    /** What it sent. */
    Form form() {
        return form;
    }

    /** When the request came, before the client was believed. */
    IssueMoment moment() {
        return moment;
    }

    @Override
    public Object getPrincipal() {
        return client.id();
    }

    @Override
    public Object getCredentials() {
        return "";
    }
}
