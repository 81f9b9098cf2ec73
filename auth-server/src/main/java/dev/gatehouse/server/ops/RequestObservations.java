package dev.gatehouse.server.ops;

import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * What is measured of a request: the request, once, by {@code http.server.requests}. Spring Security would time each of its own
 * steps as well, which took longer than the steps.
 */
@Configuration(proxyBeanMethods = false)
class RequestObservations {
    /** In place of Spring Boot's, which comes so early that a guess of a flood is observed before it is turned away, at nearly the same cost again. */
    @Bean
    FilterRegistrationBean<ServerHttpObservationFilter> requestObservation(
            ObservationRegistry registry, ObservationProperties properties) {
        String name = properties.getHttp().getServer().getRequests().getName();
        FilterRegistrationBean<ServerHttpObservationFilter> registration = new FilterRegistrationBean<>(
                new ServerHttpObservationFilter(registry, new DefaultServerRequestObservationConvention(name)));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 3);
        registration.setDispatcherTypes(DispatcherType.ASYNC, DispatcherType.REQUEST);
        return registration;
    }

    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }
}
