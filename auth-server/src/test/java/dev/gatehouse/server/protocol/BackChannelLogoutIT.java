package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import dev.gatehouse.server.revocation.SignOuts;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

/** Clients learn that a login has ended, also one that is down when it happens. */
@GatehouseTest
@Timeout(60)
@TestPropertySource(
        properties = {
            "gatehouse.backchannel.first-pause=20ms",
            "gatehouse.backchannel.longest-pause=100ms",
            "gatehouse.backchannel.poll-interval=20ms"
        })
class BackChannelLogoutIT {
    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Clients clients;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private SignOuts signOuts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private MeterRegistry metrics;

    private Browser browser = new Browser("");

    @BeforeEach
    void openBrowser() {
        browser = new Browser(issuer);
    }

    /** A client like {@code web}, whose server listens on the port. */
    private ClientSide register(String id, int port) {
        Client web = clients.find("web").orElseThrow();
        clients.save(new Client(
                id,
                id,
                web.authentication(),
                web.grants(),
                web.redirectUris(),
                web.postLogoutRedirectUris(),
                web.scopes(),
                web.audience(),
                false,
                true,
                web.serves(),
                web.exchange(),
                false,
                null,
                false,
                "http://127.0.0.1:" + port + "/logged-out",
                true));
        clients.setSecret(id, new Secret("secret-of-" + id));
        return ClientSide.of(issuer, id, "secret-of-" + id);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Answer logIn(Browser where, String clientId, ClientSide client) {
        Page page = where.open(AuthorizationUrl.of(clientId).toString());
        Page callback = page.status() == 200 ? where.logInAsAlice(page) : page;
        return client.token(
                "grant_type",
                "authorization_code",
                "code",
                callback.query().getOrDefault("code", ""),
                "redirect_uri",
                AuthorizationUrl.REDIRECT_URI,
                "code_verifier",
                AuthorizationUrl.VERIFIER);
    }

    private List<?> deliveries(String clientId) {
        return (List<?>) ClientSide.operator(issuer)
                .get("/admin/api/back-channel-logouts?client_id=" + clientId)
                .json()
                .getOrDefault("logouts", List.of());
    }

    private Map<?, ?> awaitDelivery(String clientId, Predicate<Map<?, ?>> condition) throws InterruptedException {
        while (true) {
            for (Object each : deliveries(clientId)) {
                if (each instanceof Map<?, ?> delivery && condition.test(delivery)) {
                    return delivery;
                }
            }
            Thread.sleep(20);
        }
    }

    private static int tries(Map<?, ?> delivery) {
        return delivery.get("tries") instanceof Integer tries ? tries : 0;
    }

    @Test
    void aClientThatIsDownLearnsOfTheLogoutWhenItIsUpAgain() throws Exception {
        int port = freePort();
        ClientSide client = register("sleeper", port);
        Answer tokens = logIn(browser, "sleeper", client);
        Map<String, Object> idToken = ClientSide.claims(tokens.text("id_token"));

        browser.get("/connect/logout?" + ClientSide.form("id_token_hint", tokens.text("id_token")));
        Map<?, ?> waiting = awaitDelivery("sleeper", delivery -> tries(delivery) >= 3);

        assertThat(waiting.get("state")).isEqualTo("waiting");
        assertThat(waiting.get("answer")).isEqualTo("ConnectException");
        try (LogoutReceiver receiver = LogoutReceiver.start(port, issuer, "sleeper")) {
            JWTClaimsSet token = receiver.await();
            assertThat(token.getSubject()).isEqualTo(idToken.get("sub"));
            assertThat(token.getStringClaim("sid")).isEqualTo(idToken.get("sid"));
            awaitDelivery("sleeper", delivery -> "delivered".equals(delivery.get("state")));
            assertThat(receiver.count()).isEqualTo(1);
        }
        assertThat(deliveries("sleeper")).hasSize(1);
        assertThat(metrics.counter("gatehouse.backchannel.deliveries", "outcome", "unreachable")
                        .count())
                .isGreaterThanOrEqualTo(2);
        assertThat(metrics.counter("gatehouse.backchannel.deliveries", "outcome", "delivered")
                        .count())
                .isPositive();
    }

    @Test
    void everyClientOfEverySessionLearnsOfAnOrderToSignOutEverywhere() throws Exception {
        int one = freePort();
        int two = freePort();
        ClientSide first = register("first", one);
        ClientSide second = register("second", two);
        Browser phone = new Browser(issuer);
        Answer laptopTokens = logIn(browser, "first", first);
        logIn(browser, "second", second);
        logIn(phone, "first", first);
        Object sub = ClientSide.claims(laptopTokens.text("id_token")).get("sub");

        try (LogoutReceiver atFirst = LogoutReceiver.start(one, issuer, "first");
                LogoutReceiver atSecond = LogoutReceiver.start(two, issuer, "second")) {
            Answer answer = ClientSide.operator(issuer).post("/admin/api/people/" + sub + "/sign-out", "");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text("position")).isEqualTo(answer.header("Revocation-Position"));
            assertThat(atFirst.await().getStringClaim("sid"))
                    .isNotEqualTo(atFirst.await().getStringClaim("sid"));
            assertThat(atSecond.await().getSubject()).isEqualTo(sub);
        }
        assertThat(ClientSide.bearer(issuer, laptopTokens.text("access_token"))
                        .get("/userinfo")
                        .status())
                .isEqualTo(401);
        assertThat(browser.get(AuthorizationUrl.of("first")
                                .with("prompt", "none")
                                .toString())
                        .query())
                .containsEntry("error", "login_required");
    }

    @Test
    void aClientThatIsDownKeepsNobodyElseWaitingAndItsLogoutCanBeTriedNow() throws Exception {
        int down = freePort();
        int up = freePort();
        ClientSide broken = register("broken", down);
        ClientSide working = register("working", up);
        Answer tokens = logIn(browser, "broken", broken);
        logIn(browser, "working", working);
        String sub = String.valueOf(ClientSide.claims(tokens.text("id_token")).get("sub"));

        try (LogoutReceiver receiver = LogoutReceiver.start(up, issuer, "working")) {
            signOuts.everywhere(sub, "test");
            receiver.await();
        }
        Object id = awaitDelivery("broken", delivery -> tries(delivery) >= 1).get("id");
        assertThat(ClientSide.operator(issuer)
                        .post("/admin/api/back-channel-logouts/" + id + "/retry", "")
                        .status())
                .isEqualTo(202);
        assertThat(ClientSide.operator(issuer)
                        .post("/admin/api/back-channel-logouts/999999/retry", "")
                        .status())
                .isEqualTo(404);
        assertThat(ClientSide.operator(issuer)
                        .get("/admin/api/back-channel-logouts?state=lost")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void onlyAnAdministratorMayAskOrOrder() {
        ClientSide load = ClientSide.bearer(
                issuer,
                ClientSide.of(issuer, "load", "load-secret")
                        .token("grant_type", "client_credentials")
                        .text("access_token"));
        assertThat(load.get("/admin/api/back-channel-logouts").status()).isEqualTo(401);
        assertThat(load.post("/admin/api/people/x/sign-out", "").status()).isEqualTo(401);
        assertThat(ClientSide.unauthenticated(issuer)
                        .post("/admin/api/people/x/sign-out", "")
                        .status())
                .isEqualTo(401);
        assertThat(ClientSide.operator(issuer)
                        .post("/admin/api/people/nobody/sign-out", "")
                        .status())
                .isEqualTo(404);
        assertThat(ClientSide.operator(issuer)
                        .post("/admin/api/people/00000000-0000-0000-0000-000000000000/sign-out", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theMetadataSaySo() {
        assertThat(ClientSide.unauthenticated(issuer)
                        .get("/.well-known/openid-configuration")
                        .json())
                .containsEntry("backchannel_logout_supported", true)
                .containsEntry("backchannel_logout_session_supported", true);
    }
}
