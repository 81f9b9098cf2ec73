package dev.gatehouse.sample.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** What must hold while the issuer is out of reach; with the issuer, orders is tested in acceptance-tests. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "gatehouse.issuer=http://localhost:1")
class WithoutTheIssuerIT {
    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Test
    void theServiceStartsAndIsAliveButNotReady() throws Exception {
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    }

    @Test
    void theApiAnswersNothingWithoutAToken() throws Exception {
        for (String path : List.of("/orders", "/stock", "/whoami", "/actuator/env")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer");
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void whatARefusalPointsToIsThere() throws Exception {
        assertThat(get("/.well-known/oauth-protected-resource").body()).contains("\"resource\"");
    }

    @Test
    void aStrangerIsOfferedTheLoginAndGetsNoCookie() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("href=\"http://localhost:8081/oauth2/authorization/gatehouse\"");
        assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void thePolicyForbidsEverythingThatThePageDoesNotNeed() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self'; img-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(page.body()).doesNotContain("<script", "style=");
    }

    @Test
    void aLoginBeginsWithStateNonceAndPkceAndACookieForThisSiteOnly() throws Exception {
        HttpResponse<String> answer = get("/oauth2/authorization/gatehouse");
        assertThat(answer.headers().firstValue("Location").orElseThrow())
                .startsWith("http://localhost:1/oauth2/authorize?response_type=code&client_id=web&")
                .contains("state=", "nonce=", "code_challenge=", "code_challenge_method=S256");
        assertThat(cookie(answer))
                .startsWith("orders-session=")
                .contains("HttpOnly", "SameSite=Lax")
                .doesNotContain("Secure");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/oauth2/authorization/inventory",
                "/oauth2/authorization/inventory-for-caller",
                "/oauth2/authorization/unknown",
                "/login/oauth2/code/inventory?code=x&state=y",
                "/login/oauth2/code/gatehouse?code=x&state=y",
                "/login/oauth2/code/gatehouse?error=access_denied&state=y",
            })
    void aLoginThatCannotBeginOrIsForgedEndsOnTheFirstPage(String path) throws Exception {
        assertThat(get(path).headers().firstValue("Location").orElseThrow()).endsWith("/?failed");
        assertThat(get("/?failed").body()).contains("The login did not work");
    }

    @Test
    void aFormWithoutItsCsrfTokenIsRefused() throws Exception {
        for (String path : List.of("/place", "/logout")) {
            assertThat(send(request(path).POST(BodyPublishers.noBody())).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gatehouse", "inventory", "unknown"})
    void whoHasNoLogoutTokenOfTheIssuerEndsNothing(String registration) throws Exception {
        HttpResponse<String> answer = send(request("/logout/connect/back-channel/" + registration)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        "logout_token=eyJhbGciOiJub25lIn0.e30.&_spring_security_internal_logout=true")));
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void whatGoesWrongInABrowserIsAPage() throws Exception {
        HttpResponse<String> refused =
                send(request("/place").header("Accept", "text/html").POST(BodyPublishers.noBody()));
        assertThat(refused.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(refused.body()).contains("<h1>Forbidden</h1>", "Nothing was changed");
    }

    @Nested
    @TestPropertySource(properties = "orders.url=https://orders.example")
    class BehindAProxyThatEndsTls {
        @LocalServerPort
        private int port;

        @Test
        void theCookieIsSecure() throws Exception {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/oauth2/authorization/gatehouse"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(cookie(answer)).contains("Secure");
        }
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
