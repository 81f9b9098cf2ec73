package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What a scripted issuer may answer with. */
public final class Answers {

    private Answers() {}

    public static HttpHandler status(int status) {
        return exchange -> send(exchange, status, "");
    }

    public static HttpHandler json(Map<String, Object> members) {
        return text(JSONObjectUtils.toJSONString(members));
    }

    public static HttpHandler text(String body) {
        return exchange -> send(exchange, 200, body);
    }

    static HttpHandler cached(String cacheControl, String body) {
        return exchange -> {
            exchange.getResponseHeaders().set("Cache-Control", cacheControl);
            send(exchange, 200, body);
        };
    }

    /** Nothing until the latch opens, and then the other answer. */
    public static HttpHandler held(CountDownLatch latch, HttpHandler answer) {
        return exchange -> {
            try {
                latch.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            answer.handle(exchange);
        };
    }

    /** The head and a first byte of an answer, and no more until the latch opens. */
    static HttpHandler endless(CountDownLatch latch) {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                latch.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        };
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
