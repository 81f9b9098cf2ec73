package dev.gatehouse.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.GatehouseApplication;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The server's edge: its own TLS, and what it believes of a proxy in front. */
class EdgeIT {
    private static final LocalRedis REDIS = LocalRedis.startTemporary();

    private static final String PROXY = "127.0.0.1";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static TestCertificates certificates;

    @SuppressWarnings("NullAway.Init")
    private static ConfigurableApplicationContext server;

    private static int port;

    private static String issuer = "";

    @BeforeAll
    static void start() throws Exception {
        certificates = TestCertificates.in(directory);
        certificates.put(1);
        port = ServerProcess.freePort();
        issuer = "https://localhost:" + port;
        server = new SpringApplication(GatehouseApplication.class).run(arguments());
    }

    private static String[] arguments() throws IOException {
        return Map.ofEntries(
                        Map.entry("server.port", port),
                        Map.entry("management.server.port", ServerProcess.freePort()),
                        Map.entry("gatehouse.issuer", issuer),
                        Map.entry("gatehouse.keys.master-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
                        Map.entry("gatehouse.demo.enabled", true),
                        Map.entry("gatehouse.login.account-from-address.burst", 2),
                        Map.entry("gatehouse.login.account-from-address.refill", 2),
                        Map.entry("gatehouse.web.trusted-proxies", PROXY + "/32"),
                        Map.entry(
                                "spring.datasource.url", LocalPostgres.shared().newDatabase()),
                        Map.entry("spring.data.redis.url", REDIS.url()),
                        Map.entry("server.ssl.bundle", "gatehouse"),
                        Map.entry("spring.ssl.bundle.watch.file.quiet-period", "100ms"),
                        Map.entry("spring.ssl.bundle.pem.gatehouse.reload-on-update", true),
                        Map.entry("spring.ssl.bundle.pem.gatehouse.keystore.certificate", certificates.certificate()),
                        Map.entry("spring.ssl.bundle.pem.gatehouse.keystore.private-key", certificates.key()))
                .entrySet()
                .stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    @AfterAll
    static void stop() {
        server.close();
        REDIS.kill();
    }

    private static HttpClient.Builder http() throws Exception {
        return HttpClient.newBuilder().sslContext(certificates.trust());
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return new Visitor(http(), issuer, headers).get(path);
    }

    @Test
    void aNewCertificateIsServedWithoutARestart() throws Exception {
        assertThat(serialNumber()).isEqualTo(1);

        certificates.put(2);

        Instant deadline = Instant.now().plusSeconds(60);
        int seen = serialNumber();
        while (seen == 1 && Instant.now().isBefore(deadline)) {
            seen = serialNumber();
        }
        assertThat(seen).isEqualTo(2);
    }

    private static int serialNumber() throws Exception {
        var session = get("/oauth2/jwks").sslSession().orElseThrow();
        return ((X509Certificate) session.getPeerCertificates()[0])
                .getSerialNumber()
                .intValueExact();
    }

    @Test
    void overTlsThereAreHttp2AndHstsAndSecureCookies() throws Exception {
        for (String path : List.of("/oauth2/jwks", "/login", "/nowhere", "/oauth2/authorize")) {
            assertThat(get(path).headers().firstValue("Strict-Transport-Security"))
                    .as(path)
                    .hasValue("max-age=31536000");
        }
        assertThat(get("/oauth2/jwks").version()).isEqualTo(HttpClient.Version.HTTP_2);
        HttpResponse<String> login = new Visitor(http(), issuer).logIn("alice", "wonderland-9Lives");
        assertThat(login.statusCode()).isEqualTo(303);
        assertThat(login.headers().allValues("Set-Cookie"))
                .isNotEmpty()
                .allMatch(cookie -> cookie.startsWith("__Host-") && cookie.contains("; Secure; HttpOnly"));
    }

    @Test
    void aPeerThatKnowsNothingNewerThanTls11IsTurnedAway() throws Exception {
        assertThat(answerToHello(0x0303)).isEqualTo(TlsHello.HANDSHAKE);
        assertThat(answerToHello(0x0302)).isEqualTo(TlsHello.ALERT);
        assertThat(answerToHello(0x0301)).isEqualTo(TlsHello.ALERT);
    }

    private static int answerToHello(int version) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(TlsHello.of(version));
            return socket.getInputStream().read();
        }
    }

    @Test
    void httpInClearIsNotServedOnThePort() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /oauth2/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("keys");
        }
    }

    @Test
    void failedLoginsAreCountedForTheAddressThatOurProxySaw() throws Exception {
        assertThat(failedLogin(PROXY, "203.0.113.7")).isEqualTo(401);
        assertThat(failedLogin(PROXY, "203.0.113.7")).isEqualTo(401);
        assertThat(failedLogin(PROXY, "203.0.113.7")).isEqualTo(429);
        assertThat(failedLogin(PROXY, "198.51.100.1, 203.0.113.7")).isEqualTo(429);
        assertThat(failedLogin(PROXY, "203.0.113.8")).isEqualTo(401);
    }

    @Test
    void whoeverIsNoProxyOfOursCannotMakeUpAddresses() throws Exception {
        assumeTrue(mayUse("127.0.0.2"));
        assertThat(failedLogin("127.0.0.2", "203.0.113.9")).isEqualTo(401);
        assertThat(failedLogin("127.0.0.2", "203.0.113.10")).isEqualTo(401);
        assertThat(failedLogin("127.0.0.2", "203.0.113.11")).isEqualTo(429);
    }

    private static int failedLogin(String from, String forwardedFor) throws Exception {
        HttpClient.Builder http = http().localAddress(InetAddress.getByName(from));
        return new Visitor(http, issuer, "X-Forwarded-For", forwardedFor)
                .logIn("bob", "not-bobs-password")
                .statusCode();
    }

    private static boolean mayUse(String address) {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void noHeaderMovesTheIssuer() throws Exception {
        String[] elsewhere = {
            "X-Forwarded-Host",
            "evil.example",
            "X-Forwarded-Proto",
            "http",
            "X-Forwarded-Port",
            "81",
            "Forwarded",
            "for=203.0.113.1;host=evil.example;proto=http",
            "X-Forwarded-Prefix",
            "/evil.example"
        };
        for (String path : List.of(
                "/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server",
                "/login",
                "/",
                "/oauth2/authorize?response_type=code&client_id=spa&scope=openid"
                        + "&redirect_uri=http://127.0.0.1:8765/callback&code_challenge_method=S256"
                        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")) {
            HttpResponse<String> answer = get(path, elsewhere);
            String expected = get(path).headers().firstValue("Location").orElse("");

            assertThat(answer.statusCode()).as(path).isIn(200, 302, 303);
            assertThat(answer.body() + answer.headers().map()).as(path).doesNotContain("evil.example");
            assertThat(withoutIds(answer.headers().firstValue("Location").orElse("")))
                    .as(path)
                    .isEqualTo(withoutIds(expected));
        }
        assertThat(get("/.well-known/openid-configuration", elsewhere).body()).contains("\"" + issuer + "\"");
    }

    private static String withoutIds(String location) {
        return location.replaceAll("interaction=[^&]*", "");
    }

    @Test
    void aForeignHostIsNowhereInTheAnswer() throws Exception {
        for (String path : List.of("/.well-known/openid-configuration", "/", "/login")) {
            try (SSLSocket socket =
                    (SSLSocket) certificates.trust().getSocketFactory().createSocket("localhost", port)) {
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                InputStream answer = socket.getInputStream();
                assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 ")
                        .doesNotContain("evil.example");
            }
        }
    }

    /** The first message of a handshake, written by hand: this JVM would refuse to speak the old versions itself. */
    private static final class TlsHello {
        static final int ALERT = 21;

        static final int HANDSHAKE = 22;

        /** Cipher suites that some version of TLS has with an ECDSA certificate, and the curve and signatures for them. */
        private static final byte[] REST = HexFormat.of()
                .parseHex("00" + "000a" + "c02b" + "c02c" + "c009" + "c00a" + "00ff" + "0100" + "001e"
                        + "000a000400020017" + "000b00020100" + "000d000c000a" + "04030503060302030401");

        static byte[] of(int version) {
            int body = 2 + 32 + REST.length;
            return ByteBuffer.allocate(5 + 4 + body)
                    .put((byte) HANDSHAKE)
                    .putShort((short) 0x0301)
                    .putShort((short) (4 + body))
                    .putInt(1 << 24 | body)
                    .putShort((short) version)
                    .put(new byte[32])
                    .put(REST)
                    .array();
        }
    }
}
