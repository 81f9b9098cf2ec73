package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in whoever shows an access token for the issuer with the admin scope: a client's own, or a person's who has the role
 * {@code admin}. Errors as RFC 6750 section 3.1 has them, with problem details, RFC 9457.
 */
final class AdminTokenFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private static final String ROLE = "admin";

    private final AccessTokens accessTokens;

    private final RevocationRules rules;

    private final Issuer issuer;

    AdminTokenFilter(AccessTokens accessTokens, RevocationRules rules, Issuer issuer) {
        this.accessTokens = accessTokens;
        this.rules = rules;
        this.issuer = issuer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() != 1 || !headers.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            refuse(response, HttpStatus.UNAUTHORIZED, "Bearer");
            return;
        }
        if (!rules.isCurrent()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            refuse(response, HttpStatus.SERVICE_UNAVAILABLE, null);
            return;
        }
        Optional<AccessTokenClaims> token = accessTokens
                .read(headers.getFirst().substring(SCHEME.length()).strip())
                .filter(claims -> claims.audience().contains(issuer.value()))
                .filter(claims -> !rules.refuses(claims));
        if (token.isEmpty()) {
            refuse(response, HttpStatus.UNAUTHORIZED, "Bearer error=\"invalid_token\"");
        } else if (!isAdmin(token.get())) {
            refuse(
                    response,
                    HttpStatus.FORBIDDEN,
                    "Bearer error=\"insufficient_scope\", scope=\"" + Api.ADMIN_SCOPE + "\"");
        } else {
            SecurityContextHolder.setContext(new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                    token.get().subject(), "", List.of())));
            chain.doFilter(request, response);
        }
    }

    private static boolean isAdmin(AccessTokenClaims token) {
        boolean isClientsOwn = token.subject().equals(token.clientId());
        boolean hasRole = token.all().get("roles") instanceof List<?> roles && roles.contains(ROLE);
        return token.scopes().contains(Api.ADMIN_SCOPE) && (isClientsOwn || hasRole);
    }

    private static void refuse(HttpServletResponse response, HttpStatus status, @Nullable String challenge)
            throws IOException {
        if (challenge != null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
        }
        response.setStatus(status.value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream()
                .write("{\"title\":\"%s\",\"status\":%d}"
                        .formatted(status.getReasonPhrase(), status.value())
                        .getBytes(StandardCharsets.UTF_8));
    }
}
