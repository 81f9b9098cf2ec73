package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.TokenVerifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The verifier in the health endpoint, and in its readiness group. */
@AutoConfiguration(after = {GatehouseVerifierAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(TokenVerifier.class)
@ConditionalOnEnabledHealthIndicator("gatehouse")
public final class GatehouseHealthAutoConfiguration {

    @Bean
    HealthIndicator gatehouseHealthIndicator(TokenVerifier verifier, GatehouseVerifierProperties properties) {
        return new VerifierHealthIndicator(verifier, properties.stalenessPolicy());
    }

    @Bean
    static HealthEndpointGroupsPostProcessor gatehouseReadiness() {
        return ReadinessGroups::new;
    }
}
