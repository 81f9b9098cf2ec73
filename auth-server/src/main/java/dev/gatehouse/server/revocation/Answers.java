package dev.gatehouse.server.revocation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The refusals of the feed and the snapshot, as problem details, RFC 9457. */
final class Answers {
    private Answers() {}

    static void refuse(HttpServletResponse response, HttpStatus status) throws IOException {
        response.setStatus(status.value());
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write("{\"title\":\"%s\",\"status\":%d}"
                        .formatted(status.getReasonPhrase(), status.value())
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** 401 with a challenge for each way in, RFC 7235 section 4.1; RFC 6750 section 3.1 for a token that is no good. */
    static void challenge(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String presented = String.valueOf(request.getHeader("Authorization")).toLowerCase(Locale.ROOT);
        response.addHeader("WWW-Authenticate", "Basic realm=\"gatehouse\", charset=\"UTF-8\"");
        response.addHeader(
                "WWW-Authenticate",
                presented.startsWith("bearer ")
                        ? "Bearer realm=\"gatehouse\", error=\"invalid_token\""
                        : "Bearer realm=\"gatehouse\"");
        refuse(response, HttpStatus.UNAUTHORIZED);
    }

    static void tryLater(HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", "1");
        refuse(response, HttpStatus.SERVICE_UNAVAILABLE);
    }

    /** Refuses, and answers false, when it is not a POST of a form. */
    static boolean acceptedPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"POST".equals(request.getMethod())) {
            response.setHeader("Allow", "POST");
            refuse(response, HttpStatus.METHOD_NOT_ALLOWED);
            return false;
        }
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        if (!type.split(";", 2)[0].strip().equals(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            refuse(response, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
            return false;
        }
        return true;
    }

    /** The parameter that was sent exactly once. */
    static Optional<String> parameter(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        return values != null && values.length == 1 ? Optional.of(values[0]) : Optional.empty();
    }

    /** The parameter as a number from 0 to the most that is allowed. */
    static Optional<Long> number(HttpServletRequest request, String name, long most) {
        return parameter(request, name)
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .filter(number -> number <= most);
    }

    /** Refuses, and answers false, when it is not a GET or the caller does not take what is served here. */
    static boolean accepted(HttpServletRequest request, HttpServletResponse response, MediaType served)
            throws IOException {
        if (!"GET".equals(request.getMethod())) {
            response.setHeader("Allow", "GET");
            refuse(response, HttpStatus.METHOD_NOT_ALLOWED);
            return false;
        }
        if (!takes(request.getHeader("Accept"), served)) {
            refuse(response, HttpStatus.NOT_ACCEPTABLE);
            return false;
        }
        return true;
    }

    private static boolean takes(@org.jspecify.annotations.Nullable String accept, MediaType served) {
        try {
            List<MediaType> types = MediaType.parseMediaTypes(accept);
            return types.isEmpty() || types.stream().anyMatch(type -> type.includes(served));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
