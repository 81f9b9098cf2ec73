package dev.gatehouse.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that listens at its redirect URI, as an app on this machine does. */
final class ListeningClient implements AutoCloseable {
    private final HttpServer server;

    private final CompletableFuture<String> query = new CompletableFuture<>();

    private ListeningClient(HttpServer server) {
        this.server = server;
    }

    static ListeningClient at(URI redirectUri) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(redirectUri.getHost(), redirectUri.getPort()), 0);
        ListeningClient client = new ListeningClient(server);
        server.createContext(redirectUri.getPath(), client::answer);
        server.start();
        return client;
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = "<!doctype html><link rel=icon href=data:,>the client".getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
        query.complete(exchange.getRequestURI().getQuery());
    }

    /** The query of the first request that came. */
    String called() {
        return query.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
