package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Gatehouse is for: both services refuse a revoked token at once, and never ask the issuer about a request. */
class RevocationReachesServicesIT {
    private static final String ORDERS = "http://localhost:8081";

    private static final String INVENTORY = "http://localhost:8082";

    private final Issuer issuer = new Issuer();

    @BeforeAll
    static void demo() {
        RunningDemo.shared();
    }

    @Test
    void aRevokedAccessTokenIsRefusedByTheServiceItIsFor() {
        String token = machineToken();
        assertThat(issuer.get(INVENTORY + "/stock", token).status()).isEqualTo(200);

        assertThat(issuer.post("/oauth2/revoke", "load", "load-secret", Map.of("token", token))
                        .status())
                .isEqualTo(200);

        awaitRefusal(INVENTORY + "/stock", token);
    }

    @Test
    void endingAFamilyEndsThePersonsTokenAndTheOneThatItWasExchangedFor() {
        Issuer.Answer alice = issuer.logIn("alice", "wonderland-9Lives", "openid orders.read orders.write");
        String atOrders = alice.member("access_token");
        String atInventory = issuer.exchanged(atOrders, "inventory.read");
        assertThat(issuer.get(ORDERS + "/whoami", atOrders).status()).isEqualTo(200);
        assertThat(issuer.get(INVENTORY + "/stock", atInventory).status()).isEqualTo(200);

        issuer.post("/oauth2/revoke", "web", "web-secret", Map.of("token", alice.member("refresh_token")));

        awaitRefusal(ORDERS + "/whoami", atOrders);
        awaitRefusal(INVENTORY + "/stock", atInventory);
    }

    @Test
    void servicesDoNotAskTheIssuerAboutRequests() {
        String token = machineToken();
        issuer.get(INVENTORY + "/stock", token);
        long before = IssuerMetrics.requests();
        for (int i = 0; i < 200; i++) {
            assertThat(issuer.get(INVENTORY + "/stock", token).status()).isEqualTo(200);
        }
        assertThat(IssuerMetrics.requests() - before).isLessThan(5);
    }

    @Test
    void fiveHundredForgedKeyIdsCauseAtMostTwoJwksRequests() {
        String[] parts = machineToken().split("\\.", -1);
        long before = IssuerMetrics.requests("/oauth2/jwks");
        for (int i = 0; i < 500; i++) {
            String header = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"forged-" + i + "\"}";
            String forged =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                            + "." + parts[1] + "." + parts[2];
            assertThat(issuer.get(INVENTORY + "/stock", forged).status()).isEqualTo(401);
        }
        assertThat(IssuerMetrics.requests("/oauth2/jwks") - before).isLessThanOrEqualTo(2);
    }

    private String machineToken() {
        return issuer.token("load", "load-secret", Map.of("grant_type", "client_credentials"))
                .member("access_token");
    }

    private void awaitRefusal(String url, String token) {
        long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        Issuer.Answer answer = issuer.get(url, token);
        while (answer.status() != 401 && System.nanoTime() < deadline) {
            pause();
            answer = issuer.get(url, token);
        }
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").contains("error=\"invalid_token\"");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
