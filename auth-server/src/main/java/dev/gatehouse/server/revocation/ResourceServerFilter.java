package dev.gatehouse.server.revocation;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets resource servers in, and nobody else. */
final class ResourceServerFilter extends OncePerRequestFilter {
    private static final String WHO = ResourceServer.class.getName();

    private final ResourceServers resourceServers;

    ResourceServerFilter(ResourceServers resourceServers) {
        this.resourceServers = resourceServers;
    }

    /** Who asks, on a request that came through this filter. */
    static ResourceServer who(HttpServletRequest request) {
        if (request.getAttribute(WHO) instanceof ResourceServer who) {
            return who;
        }
        throw new IllegalStateException("not behind the resource server filter");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<ResourceServer> who;
        try {
            who = resourceServers.authenticate(request);
        } catch (DataAccessException e) {
            Answers.tryLater(response);
            return;
        }
        if (who.isEmpty()) {
            Answers.challenge(request, response);
            return;
        }
        request.setAttribute(WHO, who.get());
        SecurityContextHolder.setContext(new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                who.get().client().id(), "", List.of())));
        chain.doFilter(request, response);
    }
}
