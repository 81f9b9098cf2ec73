package dev.gatehouse.forwardauth;

import dev.gatehouse.verifier.Refusal;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.VerifiedToken;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers whether the token of a request is good, in the shape that nginx's {@code auth_request}, Traefik's ForwardAuth and
 * Envoy's {@code ext_authz} expect: 200 with headers that tell who it is, 401 and 403 with the challenge of RFC 6750, or
 * 503 with {@code Retry-After}. The method does not matter, and the body is never read.
 */
final class VerifyServlet extends HttpServlet {
    private static final String SCHEME = "Bearer ";

    private static final int FIRST_PRINTABLE = 0x20;

    private static final int LAST_PRINTABLE = 0x7e;

    private final transient TokenVerifier verifier;

    private final String retryAfter;

    VerifyServlet(TokenVerifier verifier, Duration retryAfter) {
        this.verifier = verifier;
        this.retryAfter = Long.toString(retryAfter.toSeconds());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        Demands demands;
        try {
            demands = Demands.of(request.getQueryString());
        } catch (IllegalArgumentException e) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        List<String> authorization = Collections.list(request.getHeaders("Authorization"));
        if (authorization.isEmpty()) {
            refuse(response, HttpServletResponse.SC_UNAUTHORIZED, "Bearer");
        } else {
            token(authorization)
                    .map(verifier::verify)
                    .ifPresentOrElse(
                            verification -> verification.fold(
                                    token -> accept(response, token, demands), refusal -> refuse(response, refusal)),
                            () -> refuse(response, Refusal.MALFORMED));
        }
    }

    private static Optional<String> token(List<String> authorization) {
        String only = authorization.getFirst();
        return authorization.size() == 1 && only.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(only.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    private static int accept(HttpServletResponse response, VerifiedToken token, Demands demands) {
        if (!demands.areMetBy(token)) {
            return refuse(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    "Bearer error=\"insufficient_scope\", scope=\""
                            + printable(demands.scopes().stream().sorted().collect(Collectors.joining(" ")))
                            + "\"");
        }
        tell(response, "X-Auth-Subject", token.claims().get("sub"));
        tell(response, "X-Auth-Client-Id", token.claims().get("client_id"));
        tell(response, "X-Auth-Scope", Demands.scope(token));
        tell(response, "X-Auth-Roles", token.claims().get("roles"));
        tell(response, "X-Auth-Token-Id", token.claims().get("jti"));
        response.setStatus(HttpServletResponse.SC_OK);
        return HttpServletResponse.SC_OK;
    }

    private int refuse(HttpServletResponse response, Refusal refusal) {
        if (refusal.isTemporary()) {
            response.setHeader("Retry-After", retryAfter);
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        }
        return refuse(response, HttpServletResponse.SC_UNAUTHORIZED, "Bearer error=\"invalid_token\"");
    }

    private static int refuse(HttpServletResponse response, int status, String challenge) {
        response.setHeader("WWW-Authenticate", challenge);
        response.setStatus(status);
        return status;
    }

    /** Always sent, also when it is empty, so that the proxy puts it in the place of one that came from outside. */
    private static void tell(HttpServletResponse response, String header, @Nullable Object claim) {
        String text = claim instanceof Collection<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(" "))
                : claim == null ? "" : String.valueOf(claim);
        response.setHeader(header, printable(text));
    }

    /** Printable ASCII without quotes: what else a claim may hold does not belong into a header. */
    private static String printable(String text) {
        return text.chars()
                .filter(c -> c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE && c != '"' && c != '\\')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
