package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.Refusal;
import dev.gatehouse.verifier.TokenVerifier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/** What the verifier holds and decides, as {@code gatehouse.verifier.*}. */
final class VerifierMetrics implements MeterBinder {

    private final TokenVerifier verifier;

    VerifierMetrics(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "gatehouse.verifier.staleness.seconds",
                        verifier,
                        v -> v.staleness().toMillis() / 1000.0)
                .description("How old the copy of the revocation rules may be")
                .register(registry);
        Gauge.builder("gatehouse.verifier.rules", verifier, TokenVerifier::rules)
                .description("Revocation rules held")
                .register(registry);
        FunctionCounter.builder("gatehouse.verifier.accepted", verifier, TokenVerifier::accepted)
                .description("Tokens accepted")
                .register(registry);
        FunctionCounter.builder("gatehouse.verifier.accepted.stale", verifier, TokenVerifier::acceptedStale)
                .description("Tokens accepted although the revocation rules were stale")
                .register(registry);
        FunctionCounter.builder("gatehouse.verifier.introspected", verifier, TokenVerifier::introspected)
                .description("Tokens about which the issuer was to be asked because the revocation rules were stale")
                .register(registry);
        FunctionCounter.builder("gatehouse.verifier.cache.hits", verifier, TokenVerifier::cacheHits)
                .description("Tokens presented that had been verified before and were still in the cache")
                .register(registry);
        FunctionCounter.builder("gatehouse.verifier.cache.misses", verifier, TokenVerifier::cacheMisses)
                .description("Tokens presented that were not in the cache")
                .register(registry);
        Gauge.builder("gatehouse.verifier.cache.size", verifier, TokenVerifier::cachedTokens)
                .description("Verified tokens in the cache")
                .register(registry);
        verifier.cryptoProviders()
                .forEach((algorithm, provider) -> Gauge.builder("gatehouse.verifier.crypto", () -> 1)
                        .tags("algorithm", algorithm, "provider", provider)
                        .description("Who verifies the signatures of an algorithm")
                        .register(registry));
        for (Refusal reason : Refusal.values()) {
            FunctionCounter.builder("gatehouse.verifier.refused", verifier, v -> v.refused(reason))
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .description("Tokens refused")
                    .register(registry);
        }
    }
}
