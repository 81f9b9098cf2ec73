package dev.gatehouse.server.backchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.backchannel.LogoutRequest.Accepted;
import dev.gatehouse.server.backchannel.LogoutRequest.Forbidden;
import dev.gatehouse.server.backchannel.LogoutRequest.Rejected;
import dev.gatehouse.server.backchannel.LogoutRequest.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class LogoutRequestTest {
    private final List<String> received = new CopyOnWriteArrayList<>();

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private static LogoutRequest request(boolean onThisMachine) {
        return new LogoutRequest(
                new Targets(List.of(), onThisMachine),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Duration.ofMillis(500));
    }

    /** What a client's server does with a connection. */
    private interface Conduct {
        void serve(Socket connection) throws IOException, InterruptedException;
    }

    private URI server(Conduct conduct) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        open.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket connection = server.accept();
                    open.add(connection);
                    conduct.serve(connection);
                } catch (IOException | InterruptedException e) {
                    return;
                }
            }
        });
        return URI.create("http://localhost:" + server.getLocalPort() + "/out?tenant=1");
    }

    private Conduct answering(String answer) {
        return connection -> {
            received.add(read(connection.getInputStream()));
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static String read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().contains("logout_token=the.token")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void theTokenIsPostedAsAForm() throws IOException {
        URI uri = server(answering("HTTP/1.1 200 OK\r\n\r\n"));

        assertThat(request(true).send(uri, "the.token")).isEqualTo(new Accepted());

        assertThat(received)
                .singleElement()
                .asString()
                .startsWith("POST /out?tenant=1 HTTP/1.1\r\nHost: localhost:" + uri.getPort() + "\r\n")
                .contains("Content-Type: application/x-www-form-urlencoded\r\n", "Content-Length: 22\r\n")
                .endsWith("\r\n\r\nlogout_token=the.token");
    }

    @ParameterizedTest
    @CsvSource({"201", "302", "307", "400", "404", "500", "503"})
    void onlyAnEmptyOkIsASuccessAndNoRedirectIsFollowed(int status) throws IOException {
        URI elsewhere = server(answering("HTTP/1.1 200 OK\r\n\r\n"));
        URI uri = server(answering("HTTP/1.1 " + status + " X\r\nLocation: " + elsewhere + "\r\n\r\n"));

        assertThat(request(true).send(uri, "the.token")).isEqualTo(new Rejected(status));
        assertThat(received).hasSize(1);
    }

    @Test
    void anAnswerWithoutContentIsASuccess() throws IOException {
        assertThat(request(true).send(server(answering("HTTP/1.1 204 \r\n\r\n")), "the.token"))
                .isEqualTo(new Accepted());
    }

    @Test
    void aServerThatIsSilentOrSpeaksDropByDropKeepsNobody() throws IOException {
        assertThat(request(true).send(server(connection -> {}), "the.token")).isInstanceOf(Unreachable.class);
        URI dripping = server(connection -> {
            for (int i = 0; i < 300; i++) {
                connection.getOutputStream().write('H');
                Thread.sleep(100);
            }
        });
        assertThat(request(true).send(dripping, "the.token")).isInstanceOf(Unreachable.class);
    }

    @Test
    void aServerThatSpeaksSomethingElseHasNotAnswered() throws IOException {
        assertThat(request(true).send(server(answering("x".repeat(100_000))), "the.token"))
                .isInstanceOf(Unreachable.class);
    }

    @Test
    void nothingIsSentToAnAddressThatIsNoTarget() throws IOException {
        URI uri = server(answering("HTTP/1.1 200 OK\r\n\r\n"));

        assertThat(request(false).send(uri, "the.token")).isEqualTo(new Forbidden());

        assertThat(received).isEmpty();
    }
}
