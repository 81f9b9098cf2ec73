package dev.gatehouse.server.protocol;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/**
 * A form that a client's page posts to us. The browser leaves our session cookie, {@code SameSite=Lax}, out of it, so a
 * person who is logged in looks like a stranger, and beginning a session would log them out. The same request by GET has
 * the cookie.
 */
final class PostFromElsewhere {
    /** Longer ones would not pass as a URL; they go on without the cookie. */
    private static final int LONGEST_QUERY = 6 * 1024;

    private PostFromElsewhere() {}

    /** Sends the browser here again by GET, when it came without a session; false when the post is to be answered. */
    static boolean repeatAsGet(HttpServletRequest request, HttpServletResponse response) {
        if (request.getSession(false) != null || request.getParameterMap().isEmpty()) {
            return false;
        }
        String query = request.getParameterMap().entrySet().stream()
                .flatMap(parameter -> Arrays.stream(parameter.getValue()).map(value -> encode(parameter, value)))
                .collect(Collectors.joining("&"));
        if (query.length() > LONGEST_QUERY) {
            return false;
        }
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader("Location", request.getRequestURI() + "?" + query);
        return true;
    }

    private static String encode(Map.Entry<String, ?> parameter, String value) {
        return URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8)
                + '='
                + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
