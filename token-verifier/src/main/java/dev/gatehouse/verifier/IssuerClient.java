package dev.gatehouse.verifier;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The issuer over HTTP: every answer has a deadline for its last byte and a bound on its size. */
final class IssuerClient {

    private final HttpClient http;
    private final Supplier<String> authorization;

    IssuerClient(HttpClient http, Supplier<String> authorization) {
        this.http = http;
        this.authorization = authorization;
    }

    /** A JSON object and how the answer may be cached. */
    record Json(Map<String, Object> members, String cacheControl) {}

    Json get(URI uri, Duration deadline, int limit) throws IOException, InterruptedException {
        return json(request(uri).GET(), deadline, limit);
    }

    Json getAuthorized(URI uri, Duration deadline, int limit) throws IOException, InterruptedException {
        return json(authorized(uri).GET(), deadline, limit);
    }

    Json postToken(URI uri, String token, Duration deadline, int limit) throws IOException, InterruptedException {
        String form = "token_type_hint=access_token&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return json(
                authorized(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)),
                deadline,
                limit);
    }

    void postAcknowledgement(URI uri, String form, Duration deadline) throws IOException, InterruptedException {
        HttpRequest.Builder request = authorized(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        int status = send(request, BodyHandlers.discarding(), deadline).statusCode();
        if (status != 204) {
            throw new IOException(uri + " answered " + status);
        }
    }

    /** Opens a stream of server-sent events, under this verifier's name; the caller reads it and closes it. */
    FeedStream open(URI uri, String verifier, String lastEventId, Duration deadline)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = authorized(uri)
                .setHeader("Accept", "text/event-stream")
                .header("Cache-Control", "no-store")
                .header("Gatehouse-Verifier", verifier)
                .header("Last-Event-ID", lastEventId);
        HttpResponse<Publisher<List<ByteBuffer>>> response = send(request.GET(), BodyHandlers.ofPublisher(), deadline);
        FeedStream stream = new FeedStream();
        response.body().subscribe(stream);
        if (isRefused(response.statusCode())) {
            stream.close();
            throw new CredentialsRefusedException(uri, response.statusCode());
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (response.statusCode() != 200 || !type.startsWith("text/event-stream")) {
            stream.close();
            throw new IOException(uri + " answered " + response.statusCode() + " " + type);
        }
        return stream;
    }

    private Json json(HttpRequest.Builder request, Duration deadline, int limit)
            throws IOException, InterruptedException {
        HttpResponse<BoundedBody> response = send(request, info -> new BoundedBody(limit), deadline);
        if (isRefused(response.statusCode())) {
            throw new CredentialsRefusedException(response.uri(), response.statusCode());
        }
        if (response.statusCode() != 200) {
            throw new IOException(response.uri() + " answered " + response.statusCode());
        }
        try {
            return new Json(
                    JsonObject.parse(response.body().take()),
                    response.headers().firstValue("Cache-Control").orElse(""));
        } catch (ParseException noJson) {
            throw new IOException(response.uri() + " did not answer with a JSON object", noJson);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body, Duration deadline)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> exchange = http.sendAsync(request.build(), body);
        try {
            return exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        } catch (TimeoutException late) {
            throw new IOException("no answer within " + deadline.toMillis() + " ms", late);
        } finally {
            exchange.cancel(true);
        }
    }

    private static boolean isRefused(int status) {
        return status == 401 || status == 403;
    }

    private HttpRequest.Builder authorized(URI uri) throws IOException {
        try {
            return request(uri).header("Authorization", authorization.get());
        } catch (RuntimeException noCredentials) {
            throw new IOException("no credentials for the issuer", noCredentials);
        }
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Accept", "application/json");
    }
}
