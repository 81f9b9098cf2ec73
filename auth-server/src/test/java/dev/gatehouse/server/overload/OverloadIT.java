package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
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
