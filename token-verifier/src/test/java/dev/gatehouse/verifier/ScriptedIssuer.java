package dev.gatehouse.verifier;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An issuer on this machine that answers as a test says, and counts what it is asked. */
public final class ScriptedIssuer implements AutoCloseable {

    public static final String AUDIENCE = "https://orders.example";
    public static final String CLIENT = "orders";
    public static final String SECRET = "a secret of the orders service";

    public static final String METADATA = "/.well-known/oauth-authorization-server";
    public static final String JWKS = "/oauth2/jwks";
    public static final String INTROSPECTION = "/oauth2/introspect";
    public static final String SNAPSHOT = "/revocations/snapshot";
    public static final String FEED = "/revocations/feed";
    public static final String APPLIED = "/revocations/applied";

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "scripted-issuer");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer server;
    private final String scheme;
    private final InstantSource clock;
    private final ScriptedFeed feed;
    private final List<String> acknowledgements = new CopyOnWriteArrayList<>();
    private final Map<String, HttpHandler> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

    public ScriptedIssuer(InstantSource clock) {
        this(clock, null);
    }

    /** An issuer behind TLS, when there is a context for it. */
    public ScriptedIssuer(InstantSource clock, @Nullable SSLContext tls) {
        this.clock = clock;
        this.server = server(tls);
        this.scheme = tls == null ? "http" : "https";
        feed = new ScriptedFeed(address(), clock);
        answer(METADATA, metadata());
        answer(INTROSPECTION, authorized(Answers.text("{\"active\":true}")));
        answer(SNAPSHOT, authorized(feed::snapshot));
        answer(FEED, authorized(feed::follow));
        answer(APPLIED, authorized(this::applied));
        publish(TestKeys.rs256("first"));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        feed.start();
    }

    private static HttpServer server(@Nullable SSLContext tls) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls == null) {
                return HttpServer.create(anyPort, 100);
            }
            HttpsServer server = HttpsServer.create(anyPort, 100);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return server;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        counter(path).incrementAndGet();
        answers.getOrDefault(path, Answers.status(404)).handle(exchange);
    }

    private void applied(HttpExchange exchange) throws IOException {
        acknowledgements.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    /** The forms in which verifiers have said how far they are. */
    List<String> acknowledgements() {
        return acknowledgements;
    }

    private static HttpHandler authorized(HttpHandler answer) {
        String expected = new BasicCredentials(CLIENT, SECRET).get();
        return exchange -> {
            boolean known = expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            (known ? answer : Answers.status(401)).handle(exchange);
        };
    }

    HttpHandler metadata() {
        return Answers.json(Map.of(
                "issuer", address(),
                "jwks_uri", address() + JWKS,
                "introspection_endpoint", address() + INTROSPECTION));
    }

    public String address() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers a path anew from now on. */
    public void answer(String path, HttpHandler answer) {
        answers.put(path, answer);
    }

    /** Answers a path to the right client only. */
    public void answerAuthorized(String path, HttpHandler answer) {
        answer(path, authorized(answer));
    }

    public void publish(JWK... keys) {
        answer(JWKS, Answers.cached("max-age=900", jwkSet(keys)));
    }

    static String jwkSet(JWK... keys) {
        return new JWKSet(Arrays.asList(keys)).toString(true);
    }

    /** How often a path was asked for. */
    public int requests(String path) {
        return counter(path).get();
    }

    private AtomicInteger counter(String path) {
        return requests.computeIfAbsent(path, unasked -> new AtomicInteger());
    }

    /** The issuer's revocation log, its snapshot and its feed. */
    public ScriptedFeed feed() {
        return feed;
    }

    /** A valid token, signed by the key named {@code first}. */
    public TokenDraft token() {
        return new TokenDraft(address(), TestKeys.rs256("first"), clock.instant());
    }

    public TokenVerifierBuilder verifier() {
        return TokenVerifier.forIssuer(address(), AUDIENCE).credentials(CLIENT, SECRET);
    }

    VerifierSettings settings() {
        return settings(StalenessPolicy.CLOSED);
    }

    VerifierSettings settings(StalenessPolicy policy) {
        return new VerifierSettings(
                address(),
                AUDIENCE,
                URI.create(address()),
                null,
                false,
                Set.copyOf(List.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256)),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                policy,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                16 * 1024,
                16 * 1024 * 1024);
    }

    SignatureProviders providers() {
        return new SignatureProviders(settings().algorithms(), null);
    }

    IssuerClient client() {
        return new IssuerClient(TokenVerifierBuilder.defaultClient().build(), new BasicCredentials(CLIENT, SECRET));
    }

    @Override
    public void close() {
        feed.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
