package dev.gatehouse.failures;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load client at the issuers, and whoever presents a token to a verifier. No answer in time is an answer too. */
final class Client {
    static final int NO_ANSWER = 0;

    private static final Pattern ACCESS_TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    private static final String CREDENTIALS = basic("load:load-secret");

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    Optional<String> token(int issuerPort) {
        return post(issuerPort, "/oauth2/token", "grant_type=client_credentials")
                .map(HttpResponse::body)
                .map(ACCESS_TOKEN::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    /** Whether the issuer has acknowledged the revocation. */
    boolean revokes(int issuerPort, String token) {
        return post(issuerPort, "/oauth2/revoke", "token=" + token)
                .filter(answer -> answer.statusCode() == 200)
                .isPresent();
    }

    /** Whether the issuer says, for certain, that the token is not active. */
    boolean saysInactive(int issuerPort, String token) {
        return post(issuerPort, "/oauth2/introspect", "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8))
                .filter(answer -> answer.body().contains("\"active\":false"))
                .isPresent();
    }

    /** What a verifier answers to the token, or {@link #NO_ANSWER}. */
    int present(int verifierPort, String token) {
        return status(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + verifierPort + "/"))
                .header("Authorization", "Bearer " + token));
    }

    int get(int port, String path) {
        return status(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)));
    }

    /** Ends a signing key, as the operator. */
    boolean compromises(int issuerPort, String kid) {
        Optional<String> admin = send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + issuerPort + "/oauth2/token"))
                        .header("Authorization", basic("operator:operator-secret"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials")))
                .map(HttpResponse::body)
                .map(ACCESS_TOKEN::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
        return admin.flatMap(token -> send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + issuerPort + "/admin/api/keys/" + kid + "/compromise"))
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.noBody())))
                .filter(answer -> answer.statusCode() == 200)
                .isPresent();
    }

    /** The sum of the metric's lines that have the tag. */
    long metric(int managementPort, String name, String tag) {
        return body(managementPort, "/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(tag))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String body(int port, String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)))
                .map(HttpResponse::body)
                .orElse("");
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private int status(HttpRequest.Builder request) {
        return send(request).map(HttpResponse::statusCode).orElse(NO_ANSWER);
    }

    private Optional<HttpResponse<String>> post(int port, String path, String form) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", CREDENTIALS)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private Optional<HttpResponse<String>> send(HttpRequest.Builder request) {
        try {
            return Optional.of(http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
