package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The opened keys of one moment. */
final class Ring {
    private final List<KeyStatus> keys;

    private final Map<SigningAlgorithm, SigningKey> active = new EnumMap<>(SigningAlgorithm.class);

    private final Map<String, PublishedKey> known = new LinkedHashMap<>();

    private final JWKSet published;

    /** @param published the public keys that verifiers may meet, among those that are known */
    Ring(List<KeyStatus> keys, List<SigningKey> active, List<PublishedKey> known, List<String> published) {
        this.keys = List.copyOf(keys);
        active.forEach(key -> this.active.put(key.algorithm(), key));
        known.forEach(key -> this.known.put(key.jwk().getKeyID(), key));
        List<JWK> jwks = new ArrayList<>();
        for (PublishedKey key : known) {
            if (published.contains(key.jwk().getKeyID())) {
                jwks.add(key.jwk());
            }
        }
        this.published = new JWKSet(jwks);
    }

    List<KeyStatus> keys() {
        return keys;
    }

    @Nullable
    SigningKey active(SigningAlgorithm algorithm) {
        return active.get(algorithm);
    }

    boolean hasFailed() {
        return active.values().stream().anyMatch(SigningKey::hasFailed);
    }

    /** A key of ours, published or retired before that. */
    @Nullable
    PublishedKey known(@Nullable String kid) {
        return kid == null ? null : known.get(kid);
    }

    JWKSet published() {
        return published;
    }
}
