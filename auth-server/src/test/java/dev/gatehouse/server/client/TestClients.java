package dev.gatehouse.server.client;

import dev.gatehouse.server.oauth.Scopes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Valid clients, of which a test changes the one thing that it is about. */
final class TestClients {
    private TestClients() {}

    static Client confidential() {
        return client("orders", AuthenticationMethod.CLIENT_SECRET_BASIC, Scopes.of("stock:read", "stock:write"));
    }

    static Client inPublic() {
        return client("app", AuthenticationMethod.NONE, Scopes.of("openid", "stock:read"));
    }

    static Client client(String id, AuthenticationMethod authentication, Scopes scopes) {
        return new Client(
                id,
                "The " + id + " client",
                authentication,
                Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN),
                List.of("http://127.0.0.1:8001/callback", "https://app.example/callback"),
                List.of("https://app.example/"),
                scopes,
                "https://orders.example",
                true,
                false,
                Set.of("https://orders.example"),
                Map.of("orders:read", Scopes.of("stock:read"), "orders:write", Scopes.of("stock:read", "stock:write")),
                true,
                null,
                false,
                "https://app.example/logged-out",
                true);
    }
}
