package dev.gatehouse.server.account;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PwnedRangeTest {
    /** The SHA-1 of {@code password}. */
    private static final String SUFFIX = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    private static final String OTHERS =
            "003D68EB55068C33ACE09247EE4C639306B:3\r\n012C192B2F16F82EA0EB9EF18D9D539B0DD:0\r\n";

    private static final Duration LONG = Duration.ofSeconds(30);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private final List<String> seen = new ArrayList<>();

    private HttpServer server;

    private volatile HttpHandler handler = HttpExchange::close;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> handler.handle(exchange));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void onlyFiveDigitsOfTheHashAreToldAndPaddingIsAskedFor() {
        answers(200, OTHERS + SUFFIX + ":9545824\r\n");

        try (PwnedRange range = range(LONG)) {
            assertThat(range.contains("password")).isTrue();
        }
        assertThat(seen).containsExactly("GET /range/5BAA6 true");
        assertThat(outcomes("found")).isEqualTo(1);
    }

    @Test
    void aPasswordThatIsNotInTheAnswerOrOnlyAsPaddingIsUnknown() {
        try (PwnedRange range = range(LONG)) {
            answers(200, OTHERS);
            assertThat(range.contains("password")).isFalse();
            answers(200, OTHERS + SUFFIX + ":0\r\n");
            assertThat(range.contains("password")).isFalse();
            answers(200, OTHERS + SUFFIX);
            assertThat(range.contains("password")).isFalse();
        }
        assertThat(outcomes("unknown")).isEqualTo(3);
    }

    @Test
    void aServerThatFailsKeepsNobodyFromAPassword() {
        try (PwnedRange range = range(LONG)) {
            answers(503, SUFFIX + ":1\r\n");
            assertThat(range.contains("password")).isFalse();
            answers(302, SUFFIX + ":1\r\n");
            assertThat(range.contains("password")).isFalse();
            answers(200, (SUFFIX + ":1\r\n").repeat(20_000));
            assertThat(range.contains("password")).isFalse();
            server.stop(0);
            assertThat(range.contains("password")).isFalse();
        }
        assertThat(outcomes("failed")).isEqualTo(4);
    }

    @Test
    void aServerThatBeginsToAnswerAndNeverEndsIsLeft() {
        CountDownLatch end = new CountDownLatch(1);
        handles(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write((SUFFIX + ":1\r\n").getBytes(US_ASCII));
            exchange.getResponseBody().flush();
            await(end);
        });

        try (PwnedRange range = range(Duration.ofMillis(200))) {
            assertThat(range.contains("password")).isFalse();
        }
        end.countDown();
        assertThat(outcomes("failed")).isEqualTo(1);
    }

    @Test
    void noMoreThanEightWaitAtOnceAndTheOthersGoOn() throws Exception {
        CountDownLatch arrived = new CountDownLatch(8);
        CountDownLatch end = new CountDownLatch(1);
        handles(exchange -> {
            arrived.countDown();
            await(end);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });

        try (PwnedRange range = range(LONG)) {
            List<Future<Boolean>> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiting.add(threads.submit(() -> range.contains("password")));
            }
            arrived.await();

            assertThat(range.contains("password")).isFalse();
            assertThat(outcomes("busy")).isEqualTo(1);

            end.countDown();
            for (Future<Boolean> one : waiting) {
                assertThat(one.get()).isFalse();
            }
        }
    }

    private PwnedRange range(Duration patience) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/range/");
        return new PwnedRange(base, patience, meters);
    }

    private void answers(int status, String body) {
        handles(exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Add-Padding"));
            byte[] bytes = body.getBytes(US_ASCII);
            exchange.getResponseHeaders().add("Location", "/range/5BAA6");
            exchange.sendResponseHeaders(status, bytes.length);
            try (exchange) {
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    private void handles(HttpHandler handler) {
        this.handler = handler;
    }

    private double outcomes(String outcome) {
        return meters.counter("gatehouse.breached.range", "outcome", outcome).count();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
