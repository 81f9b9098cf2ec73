package dev.gatehouse.server.client;

import java.util.List;
import java.util.Optional;

/** The APIs that tokens can be for. The issuer's own audience is among them, with the scope {@link Api#ADMIN_SCOPE}. */
public interface Apis {
    Optional<Api> find(String audience);

    List<Api> all();

    void save(Api api);

    /**
     * Whether the client's registration allows tokens for this API: it is the client's default audience, or it takes a
     * scope that the client may ask for, or it is the issuer itself and the client is confidential.
     */
    boolean allowed(Client client, Api api);
}
