package dev.gatehouse.verifier;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A revocation log that a test writes, with its snapshot and its feed; a heart beats until it is told to stop. */
public final class ScriptedFeed implements AutoCloseable {

    private static final String END = "";

    private record Follower(BlockingQueue<String> texts, Instant since) {}

    private final String issuer;
    private final InstantSource clock;
    private final List<String> lastEventIds = new CopyOnWriteArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private final List<String> entries = new ArrayList<>();
    private final List<Map<String, Object>> rules = new ArrayList<>();
    private final Thread heart = new Thread(this::live, "scripted-heart");
    private String keys = "";
    private long epoch = 1_763_900_000_000L;
    private boolean beating = true;

    ScriptedFeed(String issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
        heart.setDaemon(true);
    }

    void start() {
        heart.start();
    }

    static Map<String, Object> rule(String kind, String value) {
        return Map.of("kind", kind, "value", value, "expires", 4_000_000_000L);
    }

    static Map<String, Object> cut(String kind, String value, String before) {
        return Map.of("kind", kind, "value", value, "before", before, "expires", 4_000_000_000L);
    }

    public void revoke(String kind, String value) {
        append(rule(kind, value));
    }

    /** A rule that is logged and sent. */
    synchronized void append(Map<String, Object> rule) {
        appendUnsent(rule);
        send(entries.get(entries.size() - 1));
    }

    /** A rule that is logged and that the connected followers miss. */
    synchronized void appendUnsent(Map<String, Object> rule) {
        rules.add(rule);
        entries.add(entry(epoch + "-" + (entries.size() + 1), rule));
    }

    static String entry(String id, Map<String, Object> rule) {
        return "id: " + id + "\nevent: rule\ndata: " + JSONObjectUtils.toJSONString(rule) + "\n\n";
    }

    /** Begins the log anew, with the rules as they are. */
    synchronized void beginEpoch() {
        epoch += 1_000;
        entries.clear();
    }

    public synchronized String position() {
        return epoch + "-" + entries.size();
    }

    /** Sends bytes as they are to everybody connected. */
    synchronized void send(String text) {
        followers.forEach(follower -> follower.texts().add(text));
    }

    /** Sends a JWK set now, and first thing to whoever connects from now on. */
    public synchronized void keys(JWK... published) {
        keys = event("keys", ScriptedIssuer.jwkSet(published));
        send(keys);
    }

    /** Whoever connects from now on gets no keys, as from an older issuer. */
    synchronized void withoutKeys() {
        keys = "";
    }

    static String event(String type, String data) {
        return "event: " + type + "\ndata: " + data + "\n\n";
    }

    synchronized void beat() {
        followers.forEach(follower -> beat(follower, Duration.ZERO));
    }

    /** A heartbeat that is on its way for some time. */
    synchronized void beatLate(Duration lateness) {
        followers.forEach(follower -> beat(follower, lateness));
    }

    private void beat(Follower follower, Duration lateness) {
        Duration elapsed = Duration.between(follower.since(), clock.instant()).minus(lateness);
        follower.texts()
                .add("event: heartbeat\ndata: {\"position\":\"" + position() + "\",\"age_ms\":0,\"elapsed_ms\":"
                        + elapsed.toMillis() + "}\n\n");
    }

    /** No heartbeats from now on. */
    public synchronized void pause() {
        beating = false;
    }

    public synchronized void resume() {
        beating = true;
        beat();
    }

    /** Ends every connection. */
    synchronized void drop() {
        send(END);
    }

    synchronized int connected() {
        return followers.size();
    }

    /** The {@code Last-Event-ID} of every connection so far. */
    List<String> lastEventIds() {
        return lastEventIds;
    }

    public void snapshot(HttpExchange exchange) throws IOException {
        String body;
        synchronized (this) {
            body = JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "position", position(), "rules", rules));
        }
        Answers.send(exchange, 200, body);
    }

    void follow(HttpExchange exchange) throws IOException {
        String from = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        lastEventIds.add(String.valueOf(from));
        Follower follower = new Follower(new LinkedBlockingQueue<>(), clock.instant());
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        connect(follower, Position.parse(from));
        try (OutputStream out = exchange.getResponseBody()) {
            for (String text = follower.texts().take();
                    !text.equals(END);
                    text = follower.texts().take()) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect(follower);
        }
    }

    private synchronized void connect(Follower follower, @Nullable Position from) {
        followers.add(follower);
        if (!keys.isEmpty()) {
            follower.texts().add(keys);
        }
        if (from == null || from.epoch() != epoch || from.seq() > entries.size()) {
            follower.texts().add("event: reset\ndata: {\"position\":\"" + position() + "\"}\n\n");
            return;
        }
        follower.texts().addAll(entries.subList((int) from.seq(), entries.size()));
        if (beating) {
            beat();
        }
    }

    private synchronized void disconnect(Follower follower) {
        followers.remove(follower);
    }

    private void live() {
        try {
            while (true) {
                Thread.sleep(100);
                synchronized (this) {
                    if (beating) {
                        beat();
                    }
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        heart.interrupt();
        drop();
    }
}
