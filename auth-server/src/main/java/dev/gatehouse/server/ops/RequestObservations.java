package dev.gatehouse.server.ops;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.observation.SecurityObservationSettings;

/**
 * What is measured of a request: the request, once, by {@code http.server.requests}. Spring Security would time each of its own
 * steps as well, which took longer than the steps.
 */
@Configuration(proxyBeanMethods = false)
class RequestObservations {
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }
}
