package dev.gatehouse.server.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A subscriber of the revocation feed. */
final class FeedConnection implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Event END = new Event("", "end", "");

    private final HttpResponse<InputStream> response;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private FeedConnection(HttpResponse<InputStream> response) {
        this.response = response;
        Thread.ofVirtual().start(this::read);
    }

    /** One server-sent event. */
    record Event(String id, String name, String data) {}

    static FeedConnection open(HttpRequest.Builder request) {
        try {
            return new FeedConnection(HTTP.send(
                    request.header("Accept", "text/event-stream").GET().build(), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int status() {
        return response.statusCode();
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String name = "";
            String data = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !name.isEmpty()) {
                    events.add(new Event(id, name, data));
                    name = "";
                }
            }
        } catch (IOException e) {
            // closed by the test
        } finally {
            events.add(END);
        }
    }

    /** The next event of this name; others before it are dropped. */
    Event next(String name) {
        while (true) {
            Event event = poll();
            if (event.name().equals(name)) {
                return event;
            }
            if (event.equals(END)) {
                throw new AssertionError("the feed ended before a " + name);
            }
        }
    }

    /** The next rules, so many. */
    List<Event> rules(int count) {
        List<Event> rules = new ArrayList<>();
        while (rules.size() < count) {
            rules.add(next("rule"));
        }
        return rules;
    }

    private Event poll() {
        try {
            Event event = events.poll(30, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("the feed is silent");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
