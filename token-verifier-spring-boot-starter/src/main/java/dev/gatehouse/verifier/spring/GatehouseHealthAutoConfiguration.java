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

/**
 * The verifier in the health endpoint, and in its readiness group. The condition on the indicator stands on the methods:
 * on the class, it would be looked for before it is known whether there is an actuator.
 */
@AutoConfiguration(after = {GatehouseVerifierAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(TokenVerifier.class)
public final class GatehouseHealthAutoConfiguration {

    @Bean
    @ConditionalOnEnabledHealthIndicator("gatehouse")
    HealthIndicator gatehouseHealthIndicator(TokenVerifier verifier, GatehouseVerifierProperties properties) {
        return new VerifierHealthIndicator(verifier, properties.stalenessPolicy());
    }

    @Bean
    @ConditionalOnEnabledHealthIndicator("gatehouse")
    static HealthEndpointGroupsPostProcessor gatehouseReadiness() {
        return ReadinessGroups::new;
    }
}
