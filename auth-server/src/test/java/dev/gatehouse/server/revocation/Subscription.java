package dev.gatehouse.server.revocation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A verifier's end of the feed, as plain as docs/revocation-feed.md tells it. */
final class Subscription implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One event; the id is empty when it has none. */
    record Event(String id, String type, Map<String, Object> data) {
        boolean is(String other) {
            return type.equals(other);
        }

        String text(String member) {
            return String.valueOf(data.get(member));
        }
    }

    private final HttpResponse<InputStream> response;

    private final BufferedReader lines;

    private Subscription(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Connects, with as many {@code Last-Event-ID} as are given. */
    static Subscription open(String issuer, String authorization, String... lastEventIds)
            throws IOException, InterruptedException {
        return at(URI.create(issuer + "/revocations/feed"), authorization, lastEventIds);
    }

    /** Connects under a name by which it acknowledges. */
    static Subscription named(String issuer, String authorization, String... names)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer + "/revocations/feed"))
                .header("Accept", "text/event-stream")
                .header("Authorization", authorization);
        for (String name : names) {
            request.header("Gatehouse-Verifier", name);
        }
        return new Subscription(HTTP.send(request.build(), BodyHandlers.ofInputStream()));
    }

    static Subscription at(URI address, String authorization, String... lastEventIds)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Accept", "text/event-stream")
                .header("Authorization", authorization);
        for (String id : lastEventIds) {
            request.header("Last-Event-ID", id);
        }
        return new Subscription(HTTP.send(request.build(), BodyHandlers.ofInputStream()));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The next event of any type but {@code keys}, which have tests of their own; of the type {@code end} when the issuer has closed the stream. */
    Event next() throws IOException {
        Event event = read();
        while (event.is("keys")) {
            event = read();
        }
        return event;
    }

    private Event read() throws IOException {
        String id = "";
        String type = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !type.isEmpty()) {
                return new Event(id, type, JsonMapper.shared().readValue(data, new TypeReference<>() {}));
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        return new Event("", "end", Map.of());
    }

    /** The next event that is not a heartbeat. */
    Event nextNews() throws IOException {
        Event event = next();
        while (event.is("heartbeat")) {
            event = next();
        }
        return event;
    }

    /** The next so many events that are not heartbeats. */
    List<Event> nextNews(int count) throws IOException {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            events.add(nextNews());
        }
        return events;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            // It was closed by the other end.
        }
    }
}
