package dev.gatehouse.server.ops;

import dev.gatehouse.server.keys.KeyState;
import dev.gatehouse.server.keys.KeyStatus;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.keys.TokenSigner;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while every algorithm has a key that is published and can sign. */
@Component
class SigningKeyHealthIndicator extends AbstractHealthIndicator {
    private final SigningKeys keys;

    private final TokenSigner signer;

    SigningKeyHealthIndicator(SigningKeys keys, TokenSigner signer) {
        this.keys = keys;
        this.signer = signer;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Map<String, String> active = new LinkedHashMap<>();
        for (KeyStatus key : keys.all()) {
            if (key.state() == KeyState.ACTIVE && keys.published().getKeyByKeyId(key.kid()) != null) {
                active.put(key.algorithm().value(), key.kid());
            }
        }
        boolean usable = signer.algorithms().stream()
                .allMatch(algorithm -> active.containsKey(algorithm.value()) && signer.signs(algorithm));
        builder.status(usable ? "UP" : "DOWN").withDetails(active);
    }
}
