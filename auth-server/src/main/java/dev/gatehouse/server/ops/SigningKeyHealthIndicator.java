package dev.gatehouse.server.ops;

import com.nimbusds.jose.JOSEException;
import dev.gatehouse.server.keys.SigningKeys;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while there is a key to sign with, and it is published. */
@Component
class SigningKeyHealthIndicator extends AbstractHealthIndicator {
    private final SigningKeys keys;

    SigningKeyHealthIndicator(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws JOSEException {
        String kid = keys.active().getKeyID();
        boolean usable =
                keys.active().toPrivateKey() != null && keys.published().getKeyByKeyId(kid) != null;
        builder.status(usable ? "UP" : "DOWN").withDetail("kid", kid);
    }
}
