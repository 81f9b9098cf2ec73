package dev.gatehouse.server.ops;

import dev.gatehouse.server.keys.KeyState;
import dev.gatehouse.server.keys.KeyStatus;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.keys.TokenSigner;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/** Says what signs: in the info endpoint, and as metrics. */
@Component
class SigningInfo implements InfoContributor {
    private final SigningKeys keys;

    private final TokenSigner signer;

    SigningInfo(SigningKeys keys, TokenSigner signer, InstantSource clock, MeterRegistry meters) {
        this.keys = keys;
        this.signer = signer;
        for (SigningAlgorithm algorithm : signer.algorithms()) {
            Gauge.builder("gatehouse.signing.provider", () -> 1)
                    .description("always 1; the tag says which cryptography signs")
                    .tag("algorithm", algorithm.value())
                    .tag("provider", signer.provider(algorithm))
                    .register(meters);
            Gauge.builder("gatehouse.signing.key.age", () -> age(algorithm, clock.instant()))
                    .description("how long the active key has been signing")
                    .tag("algorithm", algorithm.value())
                    .baseUnit("seconds")
                    .register(meters);
        }
    }

    private double age(SigningAlgorithm algorithm, Instant now) {
        return keys.all().stream()
                .filter(key -> key.algorithm() == algorithm && key.state() == KeyState.ACTIVE)
                .map(KeyStatus::activatesAt)
                .mapToDouble(since -> Duration.between(since, now).toMillis() / 1000.0)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, String> providers = new LinkedHashMap<>();
        signer.algorithms().forEach(algorithm -> providers.put(algorithm.value(), signer.provider(algorithm)));
        builder.withDetail("signing", providers);
    }
}
