package dev.gatehouse.verifier.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDeniedException;

/** Answers a token that says too little about its person's login, RFC 9470 section 3. */
final class StepUpFilter implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | AuthorizationDeniedException failure) {
            AuthenticationDemand demand = unmet(failure);
            if (demand == null || response.isCommitted()) {
                throw failure;
            }
            HttpServletResponse answer = (HttpServletResponse) response;
            answer.setHeader(HttpHeaders.WWW_AUTHENTICATE, demand.challenge());
            answer.setStatus(HttpStatus.UNAUTHORIZED.value());
        }
    }

    /** Spring MVC passes on what a controller throws as the cause of another exception. */
    private static @Nullable AuthenticationDemand unmet(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthorizationDeniedException refused) {
                return refused.getAuthorizationResult() instanceof AuthenticationDemand.Decision decision
                        ? decision.demand()
                        : null;
            }
        }
        return null;
    }
}
