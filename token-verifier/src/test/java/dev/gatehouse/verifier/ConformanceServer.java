package dev.gatehouse.verifier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A service that does nothing but verify tokens, as feed-conformance/run.mjs and the failure suite start it. */
public final class ConformanceServer {

    private static final String SCHEME = "Bearer ";

    private final TokenVerifier verifier;

    private ConformanceServer(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> environment = System.getenv();
        TokenVerifierBuilder builder = TokenVerifier.forIssuer(
                        required(environment, "ISSUER"), required(environment, "AUDIENCE"))
                .credentials(required(environment, "CLIENT_ID"), required(environment, "CLIENT_SECRET"));
        Optional.ofNullable(environment.get("ISSUER_LOCATION")).map(URI::create).ifPresent(builder::issuerLocation);
        Optional.ofNullable(environment.get("STALENESS_BOUND_MS"))
                .map(Long::parseLong)
                .map(Duration::ofMillis)
                .ifPresent(builder::stalenessBound);
        TokenVerifier verifier = builder.start();
        int port = Integer.parseInt(required(environment, "PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", new ConformanceServer(verifier)::answer);
        server.start();
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        int status =
                verifier.verify(token(authorization)).fold(good -> 200, refusal -> refusal.isTemporary() ? 503 : 401);
        if (status == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        } else if (status == 503) {
            exchange.getResponseHeaders().set("Retry-After", "1");
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static @Nullable String token(@Nullable String authorization) {
        return authorization != null && authorization.startsWith(SCHEME)
                ? authorization.substring(SCHEME.length())
                : null;
    }
}
