package dev.gatehouse.server.protocol;

import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** A client's side of the protocol: forms over HTTP, with its secret in the header. */
final class ClientSide {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String issuer;

    private final String authorization;

    private ClientSide(String issuer, String authorization) {
        this.issuer = issuer;
        this.authorization = authorization;
    }

    static ClientSide of(String issuer, String clientId, String secret) {
        String credentials = encode(clientId) + ":" + encode(secret);
        return new ClientSide(
                issuer, "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    /** A client that shows nothing in the header. */
    static ClientSide unauthenticated(String issuer) {
        return new ClientSide(issuer, "");
    }

    static ClientSide bearer(String issuer, String token) {
        return new ClientSide(issuer, "Bearer " + token);
    }

    /** The demo's operator with a token for the admin API. */
    static ClientSide operator(String issuer) {
        Answer token = of(issuer, "operator", "operator-secret")
                .token("grant_type", "client_credentials", "scope", "gatehouse.admin");
        return bearer(issuer, token.text("access_token"));
    }

    Answer token(String... parameters) {
        return post("/oauth2/token", form(parameters));
    }

    Answer revoke(String token) {
        return post("/oauth2/revoke", form("token", token));
    }

    Answer introspect(String token) {
        return post("/oauth2/introspect", form("token", token));
    }

    Answer post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer + path));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    static Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Names and values in turn. */
    static String form(String... parameters) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.add(encode(parameters[i]) + "=" + encode(parameters[i + 1]));
        }
        return String.join("&", pairs);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The claims of a token, unverified. */
    static Map<String, Object> claims(String token) {
        try {
            return SignedJWT.parse(token).getPayload().toJSONObject();
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Calls from so many threads at once, and waits for all answers. */
    static List<Answer> together(int threads, Supplier<Answer> call) {
        CyclicBarrier start = new CyclicBarrier(threads);
        Callable<Answer> task = () -> {
            start.await();
            return call.get();
        };
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Answer>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(task));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
