package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The parameters of a request to an endpoint for clients, RFC 6749 section 3.2: in the body, each at most once but
 * {@code resource}, and one without a value counts as left out.
 */
record Form(Map<String, List<String>> parameters) {
    private static final String RESOURCE = "resource";

    /** A name that may be said back to whoever sent it. */
    private static final Pattern NAME = Pattern.compile("[a-z_]{1,40}");

    /**
     * Reads the form.
     *
     * @throws OAuthException {@code invalid_request}
     */
    static Form of(HttpServletRequest request) {
        if (!isForm(request.getContentType())) {
            throw invalid("the body must be application/x-www-form-urlencoded");
        }
        if (request.getQueryString() != null) {
            throw invalid("parameters belong in the body, not in the URL");
        }
        Map<String, List<String>> parameters = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (values.length != 1 && !RESOURCE.equals(name)) {
                throw invalid((NAME.matcher(name).matches() ? name : "a parameter") + " is given more than once");
            }
            parameters.put(name, List.of(values));
        });
        return new Form(parameters);
    }

    private static boolean isForm(@Nullable String contentType) {
        try {
            return contentType != null
                    && MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(
                            MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    Optional<String> get(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        return values.isEmpty() || values.getFirst().isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    String require(String name) {
        return get(name).orElseThrow(() -> invalid(name + " is missing"));
    }

    /** RFC 8707: the one API that the token is to be for, when the request names it. */
    Optional<String> resource() {
        List<String> resources = parameters.getOrDefault(RESOURCE, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
        if (resources.size() > 1) {
            throw new OAuthException(
                    OAuthError.INVALID_TARGET, "an access token is for one resource: ask for one at a time");
        }
        return resources.stream().findFirst();
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, description);
    }
}
