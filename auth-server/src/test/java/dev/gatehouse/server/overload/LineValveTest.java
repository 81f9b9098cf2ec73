package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Tomcat whose every request has waited for 110 ms, when 100 are too long. */
class LineValveTest {
    private static final Duration BOUND = Duration.ofMillis(200);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private final AtomicInteger served = new AtomicInteger();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private final Tomcat tomcat = new Tomcat();

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        ControlledDelay delay = new ControlledDelay(BOUND, 0);
        AtomicLong nanos = new AtomicLong();
        for (; nanos.get() < Duration.ofMillis(500).toNanos(); nanos.addAndGet(10_000_000)) {
            delay.isTooLong(BOUND.toNanos() + 1, nanos.get());
        }
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector()
                .getProtocolHandler()
                .setExecutor(new WaitingLine(
                        threads,
                        delay,
                        () -> nanos.addAndGet(Duration.ofMillis(110).toNanos())));
        tomcat.getEngine().getPipeline().addValve(new KeptConnections());
        tomcat.getEngine().getPipeline().addValve(new LineValve(BOUND, new Refusals(metrics)));
        Context context = tomcat.addContext("/auth", directory.toString());
        Tomcat.addServlet(context, "all", new Counting()).addMapping("/");
        tomcat.start();
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        threads.close();
    }

    private final class Counting extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            served.incrementAndGet();
        }
    }

    private String exchange(String requests) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String post(String path, String body) {
        return "POST /auth%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s".formatted(path, body.length(), body);
    }

    @Test
    void aMachinesRequestIsRefusedUnreadAndItsConnectionGoesOn() throws Exception {
        String smuggled = post("/oauth2/token", "POST /auth/oauth2/revoke HTTP/1.1\r\nHost: a\r\n\r\n");

        String answers = exchange(smuggled + post("/oauth2/introspect", "token=a") + post("/oauth2/revoke", "token=a"));

        assertThat(answers).containsSubsequence("HTTP/1.1 503 ", "Retry-After: 1", "HTTP/1.1 503 ", "HTTP/1.1 200 ");
        assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(4);
        assertThat(served).hasValue(1);
        assertThat(metrics.counter("gatehouse.overload.shed", "share", "token", "reason", "waited")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aBodyOfUnknownLengthEndsTheConnection() throws Exception {
        String chunked =
                "POST /auth/oauth2/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";

        String answers = exchange(chunked + post("/oauth2/revoke", "token=a"));

        assertThat(answers).startsWith("HTTP/1.1 503 ").containsIgnoringCase("Connection: close");
        assertThat(served).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/../..", "/auth/%", "*"})
    void whatTomcatHasRefusedStaysRefused(String path) throws Exception {
        assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aPathMayBeWrittenInAnyWay() throws Exception {
        String encoded = post("/oauth2/token", "a=b").replace("/auth/oauth2", "/%61%75%74%68/%6fauth2");

        assertThat(exchange(encoded)).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void ofSeveralConnectionHeadersEachCounts() throws Exception {
        String closing = post("/oauth2/token", "a=b")
                .replace("Host: a\r\n", "Host: a\r\nConnection: keep-alive\r\nConnection: close\r\n");

        String answers = exchange(closing + post("/oauth2/revoke", "token=a"));

        assertThat(answers).startsWith("HTTP/1.1 503 ").containsIgnoringCase("Connection: close");
        assertThat(served).hasValue(0);
    }

    @Test
    void aPageIsLeftToTheFilterThatKnowsHowToSayIt() throws Exception {
        assertThat(exchange(post("/login", "username=a"))).startsWith("HTTP/1.1 200 ");
    }
}
