package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.TokenVerifier;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The verifier's metrics. */
@AutoConfiguration(after = GatehouseVerifierAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(TokenVerifier.class)
public final class GatehouseMetricsAutoConfiguration {

    @Bean
    MeterBinder gatehouseVerifierMetrics(TokenVerifier verifier) {
        return new VerifierMetrics(verifier);
    }
}
