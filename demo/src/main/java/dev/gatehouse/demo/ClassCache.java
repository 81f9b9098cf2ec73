package dev.gatehouse.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * Makes java's cache of loaded and linked classes, JEP 514, for the extracted jar of the auth server: starts it once, gets one token from it
 * and stops it, upon which java writes the cache. It fits only the java and the jar with which it was made.
 */
public final class ClassCache {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private ClassCache() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 3) {
            System.err.println("usage: ClassCache OPTIONS JAR CACHE");
            System.exit(2);
        }
        try (PassingStores stores = PassingStores.start()) {
            make(stores, arguments[0], arguments[1], Path.of(arguments[2]));
        }
        System.exit(0);
    }

    private static void make(PassingStores stores, String options, String jar, Path cache)
            throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        "-XX:AOTCacheOutput=" + cache,
                        "-jar",
                        jar)
                .inheritIO();
        command.environment().putAll(stores.settings());
        Process server = command.start();
        try {
            awaitToken(server, stores.issuer());
        } finally {
            server.destroy();
            server.waitFor();
        }
        if (!Files.exists(cache)) {
            throw new IOException("java did not write " + cache);
        }
    }

    private static void awaitToken(Process server, String issuer) throws IOException, InterruptedException {
        byte[] credentials = "load:load-secret".getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/oauth2/token"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        HttpClient http = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() < deadline) {
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not up yet.
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("the server gave no token");
    }
}
