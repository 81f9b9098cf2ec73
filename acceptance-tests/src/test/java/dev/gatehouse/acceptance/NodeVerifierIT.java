package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acceptance.NodePackage.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Node service beside the demo's own: it takes the real issuer's tokens, and refuses them once they are revoked. */
class NodeVerifierIT {
    private static final int PORT = freePort();

    private static final String SERVICE = "http://127.0.0.1:" + PORT + "/";

    private static final long PATIENCE_SECONDS = 30;

    private static Running service;

    private final Issuer issuer = new Issuer();

    @BeforeAll
    static void start() {
        RunningDemo.shared();
        NodePackage.install();
        service = NodePackage.start(
                Map.of(
                        "ISSUER", Issuer.URL,
                        "AUDIENCE", "http://localhost:8082",
                        "CLIENT_ID", "inventory",
                        "CLIENT_SECRET", "inventory-secret",
                        "PORT", String.valueOf(PORT)),
                "node",
                NodePackage.EXAMPLE.toString());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTokenIsTakenUntilItIsRevoked() {
        String token = issuer.token("load", "load-secret", Map.of("grant_type", "client_credentials"))
                .member("access_token");
        await(token, 200);

        issuer.post("/oauth2/revoke", "load", "load-secret", Map.of("token", token));

        assertThat(await(token, 401).header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    }

    @Test
    void anExchangedTokenIsRefusedWithTheOneThatItCameFrom() {
        String atOrders =
                issuer.logIn("alice", "wonderland-9Lives", "openid orders.read").member("access_token");
        String atInventory = issuer.exchanged(atOrders, "inventory.read");
        await(atInventory, 200);
        assertThat(issuer.get(SERVICE, atOrders).status()).isEqualTo(401);

        issuer.post("/oauth2/revoke", "web", "web-secret", Map.of("token", atOrders));

        await(atInventory, 401);
    }

    private Issuer.Answer await(String token, int status) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String last = "nothing";
        while (System.nanoTime() < deadline) {
            try {
                Issuer.Answer answer = issuer.get(SERVICE, token);
                if (answer.status() == status) {
                    return answer;
                }
                last = String.valueOf(answer.status());
            } catch (UncheckedIOException notListeningYet) {
                last = notListeningYet.toString();
            }
            pause();
        }
        throw new AssertionError(last + " instead of " + status + "; the service said:\n" + service.text());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
