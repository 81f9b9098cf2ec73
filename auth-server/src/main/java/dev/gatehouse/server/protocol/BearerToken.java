package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The access token of a request, RFC 6750 section 2: in the header, or in the form of a POST, never in the URL. */
final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private static final String PARAMETER = "access_token";

    private BearerToken() {}

    /** @throws OAuthException {@code invalid_request} when it comes in the URL, or more than one comes */
    static Optional<Secret> of(HttpServletRequest request) {
        if (isInUrl(request)) {
            throw invalidRequest("an access token does not belong in a URL");
        }
        List<Secret> tokens = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders("Authorization"))) {
            if (header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                tokens.add(new Secret(header.substring(SCHEME.length()).strip()));
            }
        }
        String[] posted = request.getParameterValues(PARAMETER);
        if (posted != null) {
            Arrays.stream(posted).map(Secret::new).forEach(tokens::add);
        }
        if (tokens.size() > 1) {
            throw invalidRequest("more than one access token");
        }
        return tokens.stream().findFirst();
    }

    private static boolean isInUrl(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null
                && Arrays.stream(query.split("&", -1))
                        .map(parameter -> parameter.split("=", 2)[0])
                        .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
                        .anyMatch(PARAMETER::equals);
    }

    private static OAuthException invalidRequest(String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, description);
    }
}
