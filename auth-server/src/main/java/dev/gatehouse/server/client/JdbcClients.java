package dev.gatehouse.server.client;

import dev.gatehouse.server.oauth.Secret;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Clients in PostgreSQL, with what was read last in memory: every token request needs its client. */
@Component
final class JdbcClients implements Clients {
    /** RFC 6749 appendix A.1 without the space; what else is asked for does not reach the database. */
    private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final ClientTable table;

    private final Recent<RegisteredClient> recent;

    JdbcClients(JdbcClient jdbc, InstantSource clock) {
        this.table = new ClientTable(jdbc);
        this.recent = new Recent<>(table::find, clock);
    }

    @Override
    public Optional<Client> find(String clientId) {
        return registered(clientId).map(RegisteredClient::client);
    }

    @Override
    public boolean secretMatches(String clientId, Secret presented) {
        return RegisteredClient.matchesOneOf(
                presented, registered(clientId).map(RegisteredClient::digests).orElse(List.of()));
    }

    @Override
    public void save(Client client) {
        table.save(client);
        recent.forget(client.id());
    }

    @Override
    public void setSecret(String clientId, Secret secret) {
        setSecretDigest(clientId, RegisteredClient.digest(secret));
    }

    @Override
    public void setSecretDigest(String clientId, byte[] sha256) {
        table.setSecret(clientId, sha256);
        recent.forget(clientId);
    }

    private Optional<RegisteredClient> registered(String clientId) {
        return CLIENT_ID.matcher(clientId).matches() ? recent.get(clientId) : Optional.empty();
    }
}
