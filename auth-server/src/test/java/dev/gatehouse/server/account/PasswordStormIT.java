package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Login while more passwords are being checked than the processors can bear. */
@GatehouseTest
class PasswordStormIT {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private PasswordChecks checks;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private AccountProperties properties;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whoCannotBeServedIsToldWhenToComeBackAndTokensAreIssuedMeanwhile() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        int all = properties.passwordChecks(true);
        CountDownLatch begun = new CountDownLatch(all);
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < all; i++) {
                others.execute(() -> checks.run(() -> {
                    begun.countDown();
                    await(end);
                    return true;
                }));
            }
            begun.await();

            HttpResponse<String> turnedAway = logIn();
            HttpResponse<String> token = tokenOfAClient();
            end.countDown();

            assertThat(turnedAway.statusCode()).isEqualTo(503);
            assertThat(turnedAway.headers().firstValue("Retry-After")).contains("2");
            assertThat(turnedAway.body()).contains("try again in a moment");
            assertThat(token.statusCode()).isEqualTo(200);
        } finally {
            end.countDown();
        }
        assertThat(logIn().statusCode()).isEqualTo(303);
    }

    private HttpResponse<String> logIn() throws IOException, InterruptedException {
        HttpResponse<String> page =
                http.send(HttpRequest.newBuilder(URI.create(issuer + "/login")).build(), BodyHandlers.ofString());
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        return post(
                "/login",
                "username=alice&password=wonderland-9Lives&_csrf="
                        + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8),
                cookie);
    }

    private HttpResponse<String> tokenOfAClient() throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString("load:load-secret".getBytes(StandardCharsets.UTF_8));
        return http.send(
                HttpRequest.newBuilder(URI.create(issuer + "/oauth2/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Authorization", "Basic " + basic)
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String form, String cookie)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(issuer + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
