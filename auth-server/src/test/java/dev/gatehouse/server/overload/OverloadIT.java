package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** The server while every place of a share is taken. */
@GatehouseTest
class OverloadIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String TOKEN_REQUEST = """
            POST /oauth2/token HTTP/1.1
            Host: localhost
            Authorization: Basic bG9hZDpsb2FkLXNlY3JldA==
            Content-Type: application/x-www-form-urlencoded
            Content-Length: 29

            grant_type=client_credentials""".replace("\n", "\r\n");

    private static final String KEYS_REQUEST_THAT_CLOSES =
            "GET /oauth2/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final Map<Share, Integer> taken = new EnumMap<>(Share.class);

    @Autowired
    private Places places;

    @Autowired
    private ServletWebServerApplicationContext server;

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    private void takeAll(Share share) {
        while (places.enter(share)) {
            taken.merge(share, 1, Integer::sum);
        }
    }

    @AfterEach
    void giveBack() {
        taken.forEach((share, count) -> {
            for (int i = 0; i < count; i++) {
                places.leave(share);
            }
        });
    }

    private HttpResponse<String> post(String path, String client, String form)
            throws IOException, InterruptedException {
        String credentials = client + ":" + client + "-secret";
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(issuer + path))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(issuer + path))
                        .header("Accept", accept)
                        .build(),
                BodyHandlers.ofString());
    }

    private String token() throws IOException, InterruptedException {
        String answer =
                post("/oauth2/token", "load", "grant_type=client_credentials").body();
        return answer.replaceAll(".*\"access_token\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void whileNoMoreTokensCanBeIssuedTheyCanBeRevokedAndVerified() throws Exception {
        String token = token();
        takeAll(Share.TOKEN);
        takeAll(Share.PAGES);

        HttpResponse<String> refused = post("/oauth2/token", "load", "grant_type=client_credentials");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(refused.body()).contains("\"error\":\"temporarily_unavailable\"");
        assertThat(post("/oauth2/introspect", "inventory", "token=" + token).body())
                .contains("\"active\":true");
        assertThat(post("/oauth2/revoke", "load", "token=" + token).statusCode())
                .isEqualTo(200);
        assertThat(post("/oauth2/introspect", "inventory", "token=" + token).body())
                .isEqualTo("{\"active\":false}");
        assertThat(get("/oauth2/jwks", "*/*").statusCode()).isEqualTo(200);
        assertThat(get("/.well-known/openid-configuration", "*/*").statusCode()).isEqualTo(200);
    }

    @Test
    void aRefusalLeavesTheConnectionOpen() throws Exception {
        takeAll(Share.TOKEN);

        String asIsUsual = TOKEN_REQUEST.replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n");
        String answers = exchange(TOKEN_REQUEST + asIsUsual + KEYS_REQUEST_THAT_CLOSES);

        assertThat(answers.split("HTTP/1\\.1 503 ", -1)).hasSize(3);
        assertThat(answers.split("HTTP/1\\.1 200 ", -1)).hasSize(2);
        String refusal = answers.substring(0, answers.indexOf("HTTP/1.1", 1)).toLowerCase(Locale.ROOT);
        for (String header :
                List.of("retry-after: 1", "content-type: application/json", "date: ", "x-content-type-options: ")) {
            assertThat(refusal.split("\r\n" + header, -1)).as(header).hasSize(2);
        }
        String body = refusal.substring(refusal.indexOf("\r\n\r\n") + 4);
        assertThat(refusal)
                .contains("\r\ncontent-length: %d\r\n".formatted(body.length()))
                .doesNotContain("connection:", "transfer-encoding:");
    }

    @Test
    void aRefusalEndsTheConnectionWhereTheRequestSaysSoOrHasMoreToCome() throws Exception {
        takeAll(Share.TOKEN);
        takeAll(Share.PAGES);
        String closing = TOKEN_REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        String old = TOKEN_REQUEST.replace("HTTP/1.1", "HTTP/1.0");
        String unread = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab";

        for (String last : List.of(closing, old, unread)) {
            assertThat(exchange(last + KEYS_REQUEST_THAT_CLOSES))
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nConnection: close\r\n")
                    .doesNotContain("HTTP/1.1 200");
        }
    }

    /** What the server sends until it closes the connection. */
    private String exchange(String requests) throws IOException {
        URI address = URI.create(issuer);
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aPersonIsToldOnAPageThatTheServerIsBusy() throws Exception {
        takeAll(Share.PAGES);

        HttpResponse<String> refused = get("/login", "text/html");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(post("/oauth2/token", "load", "grant_type=client_credentials")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void thePublicPortsRequestsAreMeasuredWhileTheyWait() {
        assertThat(server.getWebServer())
                .isInstanceOfSatisfying(
                        TomcatWebServer.class,
                        tomcat -> assertThat(tomcat.getTomcat()
                                        .getConnector()
                                        .getProtocolHandler()
                                        .getExecutor())
                                .isInstanceOf(WaitingLine.class));
    }
}
