package dev.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** How many requests the issuer has answered, read from its own metrics. */
final class IssuerMetrics {
    private static final URI PROMETHEUS = URI.create("http://localhost:9001/actuator/prometheus");

    private IssuerMetrics() {}

    /** All requests so far on the public port. */
    static long requests() {
        return requests("");
    }

    /** The requests so far whose path is the given one. */
    static long requests(String path) {
        return scrape().lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .filter(line -> path.isEmpty() || line.contains("uri=\"" + path + "\""))
                .filter(line -> !line.contains("uri=\"/actuator"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String scrape() {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(PROMETHEUS).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
