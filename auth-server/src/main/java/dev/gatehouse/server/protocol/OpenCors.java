package dev.gatehouse.server.protocol;

import java.time.Duration;
import java.util.List;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;

/**
 * Cross-origin requests from any origin, for the endpoints that a browser application calls itself. They take no cookies, so
 * an origin gains nothing that its own server could not do.
 */
final class OpenCors {
    private OpenCors() {}

    static CorsConfigurationSource of(String... methods) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(List.of(CorsConfiguration.ALL));
        cors.setAllowedMethods(List.of(methods));
        cors.setAllowedHeaders(List.of("Authorization", "Content-Type"));
        cors.setMaxAge(Duration.ofHours(1));
        return _ -> cors;
    }
}
