package dev.gatehouse.server.ops;

import dev.gatehouse.server.revocation.RevocationRules;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while this issuer follows the revocation log; when it does not, it may take a revoked token for a good one. */
@Component
class RevocationLogHealthIndicator extends AbstractHealthIndicator {
    private final RevocationRules rules;

    RevocationLogHealthIndicator(RevocationRules rules) {
        this.rules = rules;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.status(rules.isCurrent() ? "UP" : "DOWN");
    }
}
