package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inventory service with the issuer's own tokens. */
class InventoryIT {
    private static final String INVENTORY = "http://localhost:8082";

    private final Issuer issuer = new Issuer();

    @BeforeAll
    static void demo() {
        RunningDemo.shared();
    }

    @Test
    void aReaderSeesTheStock() {
        Issuer.Answer answer = issuer.get(INVENTORY + "/stock", token("inventory.read"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"item\":\"teapot\"", "\"available\":");
    }

    @Test
    void aScopeThatIsNotInTheTokenIsMissed() {
        for (Issuer.Answer answer : List.of(
                issuer.get(INVENTORY + "/stock", token("inventory.write")),
                reserve("{\"item\":\"teapot\",\"quantity\":1}", token("inventory.read")))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope");
        }
    }

    @Test
    void aTokenForAnotherServiceIsRefused() {
        String token =
                issuer.logIn("alice", "wonderland-9Lives", "openid orders.read").member("access_token");
        Issuer.Answer answer = issuer.get(INVENTORY + "/whoami", token);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }

    @Test
    void aReservationSaysForWhomAndByWhom() {
        String atOrders = issuer.logIn("alice", "wonderland-9Lives", "openid orders.write")
                .member("access_token");
        String alice = issuer.get("http://localhost:8081/whoami", atOrders).member("sub");
        Issuer.Answer answer =
                reserve("{\"item\":\"teapot\",\"quantity\":2}", issuer.exchanged(atOrders, "inventory.write"));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.member("sub")).isEqualTo(alice);
        assertThat(answer.body()).contains("\"act\":{\"sub\":\"orders\"}", "\"quantity\":2");
    }

    @Test
    void manyAtOnceNeverTakeMoreThanThereIs() throws Exception {
        String token = token("inventory.write");
        Callable<Integer> attempt =
                () -> reserve("{\"item\":\"umbrella\",\"quantity\":1}", token).status();
        int taken = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : threads.invokeAll(Collections.nCopies(16, attempt))) {
                assertThat(status.get()).isIn(201, 409);
                taken += status.get() == 201 ? 1 : 0;
            }
        }
        assertThat(taken).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not json",
                "{}",
                "{\"item\":\"apple\"}",
                "{\"quantity\":1}",
                "{\"item\":\"\",\"quantity\":1}",
                "{\"item\":\"apple\",\"quantity\":0}",
                "{\"item\":\"apple\",\"quantity\":101}",
                "{\"item\":\"apple\",\"quantity\":1.5}",
                "{\"item\":\"apple\",\"quantity\":99999999999}",
                "{\"item\":\"apple\",\"quantity\":null}",
                "{\"item\":{},\"quantity\":1}",
                "{\"item\":\"unicorn\",\"quantity\":1}",
            })
    void aBadReservationIsAProblemAndTakesNothing(String body) {
        Issuer.Answer answer = reserve(body, token("inventory.write"));
        assertThat(answer.status()).isBetween(400, 404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(issuer.get(INVENTORY + "/stock", token("inventory.read")).body())
                .contains("{\"item\":\"apple\",\"available\":1000}");
    }

    @Test
    void whoamiShowsTheClaimsAsTheyAreInTheToken() {
        assertThat(issuer.get(INVENTORY + "/whoami", token("inventory.read")).body())
                .contains("\"sub\":\"orders\"", "\"scope\":\"inventory.read\"", "\"aud\":[\"" + INVENTORY + "\"]")
                .containsPattern("\"exp\":[0-9]+,");
    }

    private String token(String scope) {
        return issuer.token("orders", "orders-secret", Map.of("grant_type", "client_credentials", "scope", scope))
                .member("access_token");
    }

    private Issuer.Answer reserve(String body, String token) {
        return issuer.post(INVENTORY + "/reservations", token, body);
    }
}
