package dev.gatehouse.server.protocol;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.DigestUtils;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.filter.ServerHttpObservationFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers with one JSON document, with a strong ETag, so that a reader who asks again is told 304. It is kept as it goes over the
 * wire and written anew when what it is made from is another.
 */
final class DocumentServlet<S> extends HttpServlet {
    private final transient Supplier<S> source;

    private final transient Function<S, Map<String, Object>> document;

    private final transient Supplier<Duration> maxAge;

    private final transient JsonMapper json;

    private transient volatile @Nullable Written<S> written;

    /** @param maxAge how long readers may keep it */
    DocumentServlet(
            Supplier<S> source, Function<S, Map<String, Object>> document, Supplier<Duration> maxAge, JsonMapper json) {
        this.source = source;
        this.document = document;
        this.maxAge = maxAge;
        this.json = json;
    }

    private record Written<S>(S from, String body, String etag) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent(measured -> measured.setPathPattern(request.getServletPath()));
        Written<S> current = current();
        response.setHeader(
                HttpHeaders.CACHE_CONTROL,
                CacheControl.maxAge(maxAge.get()).cachePublic().getHeaderValue());
        if (!new ServletWebRequest(request, response).checkNotModified(current.etag())) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(current.body().getBytes(StandardCharsets.UTF_8));
        }
    }

    private Written<S> current() {
        S now = source.get();
        Written<S> held = written;
        if (held == null || !held.from().equals(now)) {
            String body = json.writeValueAsString(document.apply(now));
            held = new Written<>(now, body, DigestUtils.md5DigestAsHex(body.getBytes(StandardCharsets.UTF_8)));
            written = held;
        }
        return held;
    }
}
