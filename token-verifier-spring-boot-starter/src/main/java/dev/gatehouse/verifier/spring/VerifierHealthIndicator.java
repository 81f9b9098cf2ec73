package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.StalenessPolicy;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.VerifierStatus;
import java.util.Locale;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while good tokens are accepted: the verifier is ready, and its rules are fresh or need not be. */
final class VerifierHealthIndicator implements HealthIndicator {

    private final TokenVerifier verifier;
    private final StalenessPolicy policy;

    VerifierHealthIndicator(TokenVerifier verifier, StalenessPolicy policy) {
        this.verifier = verifier;
        this.policy = policy;
    }

    @Override
    public Health health() {
        VerifierStatus status = verifier.status();
        boolean serves = status.ready() && (status.fresh() || policy != StalenessPolicy.CLOSED);
        return (serves ? Health.up() : Health.outOfService())
                .withDetail("ready", status.ready())
                .withDetail("fresh", status.fresh())
                .withDetail("stalenessMillis", status.staleness().toMillis())
                .withDetail("policy", policy.name().toLowerCase(Locale.ROOT))
                .withDetail("position", Objects.requireNonNullElse(status.position(), "none"))
                .withDetail("rules", status.rules())
                .withDetail("cryptoProviders", verifier.cryptoProviders())
                .build();
    }
}
