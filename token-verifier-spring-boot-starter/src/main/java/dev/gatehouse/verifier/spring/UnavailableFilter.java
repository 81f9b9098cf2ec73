package dev.gatehouse.verifier.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 with {@code Retry-After} where tokens cannot be decided about. It stands before the filter that reads
 * bearer tokens, which passes such a failure on as an exception.
 */
final class UnavailableFilter extends OncePerRequestFilter {

    private final String retryAfter;

    UnavailableFilter(Duration retryAfter) {
        this.retryAfter = String.valueOf(retryAfter.toSeconds());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (AuthenticationServiceException failure) {
            if (!(failure.getCause() instanceof VerificationUnavailableException) || response.isCommitted()) {
                throw failure;
            }
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfter);
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        }
    }
}
