package dev.gatehouse.verifier.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationServiceException;

/**
 * Answers 503 with {@code Retry-After} where tokens cannot be decided about. It stands before the filter that reads
 * bearer tokens, which passes such a failure on as an exception.
 */
final class UnavailableFilter implements Filter {

    private final String retryAfter;

    UnavailableFilter(Duration retryAfter) {
        this.retryAfter = String.valueOf(retryAfter.toSeconds());
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (AuthenticationServiceException failure) {
            if (!(failure.getCause() instanceof VerificationUnavailableException) || response.isCommitted()) {
                throw failure;
            }
            HttpServletResponse answer = (HttpServletResponse) response;
            answer.setHeader(HttpHeaders.RETRY_AFTER, retryAfter);
            answer.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        }
    }
}
