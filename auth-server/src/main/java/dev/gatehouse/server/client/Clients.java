package dev.gatehouse.server.client;

import dev.gatehouse.server.oauth.Secret;
import java.util.Optional;

/** The registered clients. */
public interface Clients {
    Optional<Client> find(String clientId);

    /** Whether the secret is one of the client's live secrets; compared by digest, in constant time. */
    boolean secretMatches(String clientId, Secret presented);

    /** Adds the client, or replaces what was registered under its id. Its secrets stay. */
    void save(Client client);

    /** Makes this the client's only secret; only its SHA-256 digest is stored. */
    void setSecret(String clientId, Secret secret);

    /** Makes the secret that has this SHA-256 digest the client's only secret. */
    void setSecretDigest(String clientId, byte[] sha256);
}
