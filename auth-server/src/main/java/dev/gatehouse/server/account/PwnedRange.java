package dev.gatehouse.server.account;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The range interface of Have I Been Pwned: told the first five digits of a password's SHA-1 it answers with the rest of all that begin
 * so, padded to hide how many. Whatever goes wrong, or takes too long, counts as not found: nobody is kept from
 * changing a password because a stranger's server is away.
 */
final class PwnedRange implements BreachedPasswords, AutoCloseable {
    private static final int PREFIX = 5;

    private static final int AT_ONCE = 8;

    private static final long LONGEST_ANSWER = 512 * 1024;

    private final URI base;

    private final Duration patience;

    private final MeterRegistry meters;

    private final Semaphore permits = new Semaphore(AT_ONCE);

    private final HttpClient http;

    PwnedRange(URI base, Duration patience, MeterRegistry meters) {
        this.base = base;
        this.patience = patience;
        this.meters = meters;
        this.http = HttpClient.newBuilder()
                .followRedirects(Redirect.NEVER)
                .connectTimeout(patience)
                .build();
    }

    @Override
    public boolean contains(String password) {
        if (!permits.tryAcquire()) {
            count("busy");
            return false;
        }
        try {
            return found(Sha1.of(password).hex());
        } finally {
            permits.release();
        }
    }

    private boolean found(String hash) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(hash.substring(0, PREFIX)))
                .header("Add-Padding", "true")
                .header("User-Agent", "Gatehouse")
                .build();
        BodyHandler<String> body =
                BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.US_ASCII), LONGEST_ANSWER);
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, body);
        try {
            HttpResponse<String> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            boolean found = response.body().lines().anyMatch(line -> isThat(line, hash.substring(PREFIX)));
            count(found ? "found" : "unknown");
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | IOException e) {
            count("failed");
        } finally {
            answer.cancel(true);
        }
        return false;
    }

    /** A line is {@code SUFFIX:COUNT}; padding has the count 0. */
    private static boolean isThat(String line, String suffix) {
        return line.regionMatches(true, 0, suffix, 0, suffix.length())
                && line.startsWith(":", suffix.length())
                && !line.substring(suffix.length() + 1).strip().equals("0");
    }

    private void count(String outcome) {
        meters.counter("gatehouse.breached.range", "outcome", outcome).increment();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
