package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.StalenessPolicy;
import dev.gatehouse.verifier.spring.GatehouseVerifierProperties.Route;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/** Tells the decoder by which policy a request's token is decided about while the revocation rules are stale. */
final class RoutePolicies extends OncePerRequestFilter {

    private record Rule(PathPatternRequestMatcher matcher, StalenessPolicy policy) {}

    private final List<Rule> rules;
    private final CurrentPolicy current;

    RoutePolicies(List<Route> routes, CurrentPolicy current) {
        this.rules = routes.stream()
                .map(route -> new Rule(
                        PathPatternRequestMatcher.withDefaults().matcher(route.path()), route.stalenessPolicy()))
                .toList();
        this.current = current;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        for (Rule rule : rules) {
            if (rule.matcher().matches(request)) {
                current.set(rule.policy());
                break;
            }
        }
        try {
            chain.doFilter(request, response);
        } finally {
            current.clear();
        }
    }
}
