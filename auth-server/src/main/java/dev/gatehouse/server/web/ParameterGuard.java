package dev.gatehouse.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests whose parameters cannot be read or are of no honest use: malformed encodings, control characters,
 * too many, too long. What passes is well-formed text that any store takes.
 */
final class ParameterGuard extends OncePerRequestFilter {
    private static final int MAX_NAME_LENGTH = 128;

    private final WebProperties properties;

    ParameterGuard(WebProperties properties) {
        this.properties = properties;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isAcceptable(request)) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    private boolean isAcceptable(HttpServletRequest request) {
        Map<String, String[]> parameters;
        try {
            parameters = request.getParameterMap();
        } catch (IllegalStateException | IllegalArgumentException e) {
            return false; // Tomcat's answer to a malformed or oversized query or form
        }
        int count = 0;
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            count += parameter.getValue().length;
            if (count > properties.maxParameters() || !isText(parameter.getKey(), MAX_NAME_LENGTH)) {
                return false;
            }
            for (String value : parameter.getValue()) {
                if (!isText(value, properties.maxParameterLength())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isText(String value, int maxLength) {
        if (value.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
            if (!isTextual(value.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTextual(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\t' || c == '\n' || c == '\r';
            case Character.SURROGATE -> false;
            default -> true;
        };
    }
}
