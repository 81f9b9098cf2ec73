package dev.gatehouse.forwardauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TestKeys;
import dev.gatehouse.verifier.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as proxies ask it, and behind a real nginx with the configuration that the documentation gives. */
class ForwardAuthIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern NGINX = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final AtomicReference<Map<String, List<String>>> SEEN = new AtomicReference<>(Map.of());

    private static final ScriptedIssuer ISSUER = new ScriptedIssuer(InstantSource.system());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static ConfigurableApplicationContext application;

    @SuppressWarnings("NullAway.Init")
    private static HttpServer upstream;

    @SuppressWarnings("NullAway.Init")
    private static Nginx nginx;

    private static String verify = "";

    private static String proxied = "";

    @BeforeAll
    static void start() throws Exception {
        application = new SpringApplicationBuilder(ForwardAuthApplication.class)
                .properties(
                        "server.port=0",
                        "management.server.port=0",
                        "gatehouse.verifier.issuer=" + ISSUER.address(),
                        "gatehouse.verifier.audience=" + ScriptedIssuer.AUDIENCE,
                        "gatehouse.verifier.client-id=" + ScriptedIssuer.CLIENT,
                        "gatehouse.verifier.client-secret=" + ScriptedIssuer.SECRET,
                        "gatehouse.verifier.staleness-bound=2s",
                        "gatehouse.verifier.retry-after=7s")
                .run();
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        upstream.createContext("/", exchange -> {
            SEEN.set(Map.copyOf(exchange.getRequestHeaders()));
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        upstream.start();
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        verify = "http://127.0.0.1:" + port + "/verify";
        Matcher documented = NGINX.matcher(Files.readString(Path.of("../docs/forward-auth.md")));
        assertThat(documented.find()).isTrue();
        nginx = Nginx.start(
                directory,
                documented
                        .group(1)
                        .replace("http://127.0.0.1:8090/verify", verify + "?scope=orders.read")
                        .replace(
                                "127.0.0.1:8000",
                                "127.0.0.1:" + upstream.getAddress().getPort()));
        proxied = "http://127.0.0.1:" + nginx.port() + "/";
        assertThat(application.getBean(TokenVerifier.class).awaitReady(PATIENCE))
                .isTrue();
    }

    @AfterAll
    static void stop() {
        nginx.close();
        upstream.stop(0);
        application.close();
        ISSUER.close();
    }

    @BeforeEach
    void isFresh() {
        ISSUER.feed().resume();
        await().atMost(PATIENCE)
                .until(() -> application.getBean(TokenVerifier.class).status().fresh());
    }

    private static HttpResponse<String> send(String method, String address, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .method(method, method.equals("POST") ? BodyPublishers.ofString("scope=a") : BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> present(String address, String token) throws IOException, InterruptedException {
        return send("GET", address, "Authorization", "Bearer " + token);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    private static String token() {
        return ISSUER.token().signed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND"})
    void whateverTheMethodAGoodTokenIsTold(String method) throws Exception {
        String token = ISSUER.token().with("roles", List.of("user", "auditor")).signed();
        HttpResponse<String> answer = send(method, verify, "Authorization", "Bearer " + token);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "X-Auth-Subject")).isEqualTo("person");
        assertThat(header(answer, "X-Auth-Roles")).isEqualTo("user auditor");
        assertThat(header(answer, "X-Auth-Scope")).contains("orders.read");
        assertThat(header(answer, "X-Auth-Token-Id")).isEqualTo("token");
        assertThat(header(answer, "Cache-Control")).contains("no-store");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void theOriginalAddressMayFollowAsEnvoySendsItOrComeInHeadersAsTraefikSendsIt() throws Exception {
        for (String path : List.of("/orders/7?q=x", "/a%2Fb//c;d=e/%5C%25/.well-known", "?scope=orders.read&x=%00")) {
            assertThat(present(verify + path, token()).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(send(
                                "GET",
                                verify,
                                "Authorization",
                                "Bearer " + token(),
                                "X-Forwarded-Method",
                                "DELETE",
                                "X-Forwarded-Uri",
                                "/orders/7",
                                "X-Forwarded-Host",
                                "orders.example")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsNoGoodTokenIsUnauthorized() throws Exception {
        HttpResponse<String> none = send("GET", verify);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(header(none, "WWW-Authenticate")).isEqualTo("Bearer");
        long now = Instant.now().getEpochSecond();
        for (String authorization : List.of(
                "Basic dTpw",
                "Bearer",
                "Bearer ",
                "Bearer garbage",
                "Bearer " + ISSUER.token().with("aud", "https://other.example").signed(),
                "Bearer "
                        + ISSUER.token()
                                .with("iat", now - 900)
                                .with("exp", now - 600)
                                .signed(),
                "Bearer "
                        + ISSUER.token()
                                .forgedWith(TestKeys.rs256("the thief's own"))
                                .signed())) {
            HttpResponse<String> answer = send("GET", verify, "Authorization", authorization);
            assertThat(answer.statusCode()).as(authorization).isEqualTo(401);
            assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
            assertThat(header(answer, "X-Auth-Subject")).isEqualTo("none");
        }
        String good = "Bearer " + token();
        assertThat(send("GET", verify, "Authorization", good, "Authorization", good)
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("GET", verify + "?access_token=" + token()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aScopeThatIsMissingIsForbidden() throws Exception {
        String token = ISSUER.token().with("scope", "orders.read stock.read").signed();
        assertThat(present(verify + "?scope=orders.read%20stock.read", token).statusCode())
                .isEqualTo(200);
        assertThat(present(verify + "?scope=orders.read&scope=stock.read", token)
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> answer = present(verify + "?scope=orders.read&scope=orders.write", token);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(header(answer, "WWW-Authenticate"))
                .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"orders.read orders.write\"");
        assertThat(present(verify + "?scope=orders", token).statusCode()).isEqualTo(403);
        assertThat(present(verify + "?scope=x", ISSUER.token().without("scope").signed())
                        .statusCode())
                .isEqualTo(403);
        assertThat(present(verify + "?scope=%22%0d%0aX-Evil:%201", token)
                        .headers()
                        .map())
                .doesNotContainKey("x-evil");
    }

    @Test
    void aClaimCannotBringAHeaderOfItsOwn() throws Exception {
        HttpResponse<String> answer = present(
                verify,
                ISSUER.token().with("sub", "a\r\nX-Auth-Roles: admin\u00e4\"\\").signed());
        assertThat(header(answer, "X-Auth-Subject")).isEqualTo("aX-Auth-Roles: admin");
        assertThat(header(answer, "X-Auth-Roles")).isEmpty();
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(present(verify.replace("/verify", "/"), token()).statusCode())
                .isIn(401, 403, 404);
        assertThat(present(verify.replace("/verify", "/verified"), token()).statusCode())
                .isIn(401, 403, 404);
    }

    @Test
    void behindNginxTheServiceLearnsWhoItIsFromTheTokenAndFromNobodyElse() throws Exception {
        HttpResponse<String> answer = send(
                "POST",
                proxied + "orders?x=y",
                "Authorization",
                "Bearer " + token(),
                "X-Auth-Subject",
                "mallory",
                "X-Auth-Roles",
                "admin");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("scope=a");
        assertThat(SEEN.get())
                .containsEntry("X-auth-subject", List.of("person"))
                .doesNotContainEntry("X-auth-roles", List.of("admin"));
    }

    @Test
    void behindNginxRefusalsReachTheCallerWithTheirChallenge() throws Exception {
        SEEN.set(Map.of());
        HttpResponse<String> none = send("GET", proxied);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(header(none, "WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(header(present(proxied, "garbage"), "WWW-Authenticate")).contains("invalid_token");
        HttpResponse<String> forbidden =
                present(proxied, ISSUER.token().with("scope", "openid").signed());
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(header(forbidden, "WWW-Authenticate")).contains("insufficient_scope");
        assertThat(send("GET", proxied + "verify", "Authorization", "Bearer " + token())
                        .statusCode())
                .isEqualTo(404);
        assertThat(SEEN.get()).isEmpty();
    }

    @Test
    void behindNginxARevokedTokenIsRefused() throws Exception {
        String token = ISSUER.token().with("jti", "to be revoked").signed();
        assertThat(present(proxied, token).statusCode()).isEqualTo(200);
        ISSUER.feed().revoke("jti", "to be revoked");
        await().atMost(PATIENCE).until(() -> present(proxied, token).statusCode() == 401);
        assertThat(present(proxied, token()).statusCode()).isEqualTo(200);
    }

    @Test
    void behindNginxTheAnswerIs503WhileNothingCanBeDecided() throws Exception {
        ISSUER.feed().pause();
        await().atMost(PATIENCE).until(() -> present(proxied, token()).statusCode() == 503);
        assertThat(header(present(proxied, token()), "Retry-After")).isEqualTo("7");
        assertThat(present(proxied, "garbage").statusCode()).isEqualTo(401);
    }
}
