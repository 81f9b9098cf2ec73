package dev.gatehouse.verifier.spring;

import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The paths of the health endpoint; a class of its own since the actuator is optional. */
final class HealthMatchers {

    private HealthMatchers() {}

    static RequestMatcher all() {
        return new OrRequestMatcher(
                EndpointRequest.to(HealthEndpoint.class),
                EndpointRequest.toAdditionalPaths(WebServerNamespace.SERVER, HealthEndpoint.class));
    }
}
