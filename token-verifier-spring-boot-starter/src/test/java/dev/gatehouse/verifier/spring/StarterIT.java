package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TestKeys;
import dev.gatehouse.verifier.TokenVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StarterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ScriptedIssuer issuer = new ScriptedIssuer(InstantSource.system());
    private static final TestService service =
            TestService.start(issuer, "gatehouse.verifier.staleness-bound=2s", "gatehouse.verifier.retry-after=7s");

    @BeforeAll
    static void ready() throws InterruptedException {
        assertThat(service.bean(TokenVerifier.class).awaitReady(PATIENCE)).isTrue();
    }

    @BeforeEach
    void fresh() {
        issuer.feed().resume();
        await().atMost(PATIENCE)
                .until(() -> service.bean(TokenVerifier.class).status().fresh());
    }

    @AfterAll
    static void stop() {
        service.close();
        issuer.close();
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("WWW-Authenticate").orElse("");
    }

    private static String token() {
        return issuer.token().signed();
    }

    private static void assertInvalid(String token) {
        HttpResponse<String> answer = service.get("/me", token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(challenge(answer)).startsWith("Bearer ").contains("error=\"invalid_token\"");
    }

    @Test
    void aGoodTokenOpensTheDoor() {
        HttpResponse<String> answer = service.get("/me", token());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("person");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(service.post("/orders", token()).statusCode()).isEqualTo(200);
    }

    @Test
    void withoutATokenTheDoorStaysShut() {
        HttpResponse<String> answer = service.get("/me", null);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(challenge(answer)).startsWith("Bearer").doesNotContain("error=");
        assertThat(service.post("/orders", null).statusCode()).isEqualTo(401);
        assertThat(service.get("/nowhere", null).statusCode()).isEqualTo(401);
    }

    @Test
    void aRevokedTokenIsInvalidFromThenOn() {
        String good = issuer.token().with("jti", "to be revoked").signed();
        assertThat(service.get("/me", good).statusCode()).isEqualTo(200);
        issuer.feed().revoke("jti", "to be revoked");
        await().atMost(PATIENCE).until(() -> service.get("/me", good).statusCode() == 401);
        assertInvalid(good);
        assertThat(challenge(service.get("/me", good))).contains("revoked");
        assertThat(service.get("/me", token()).statusCode()).isEqualTo(200);
    }

    @Test
    void aTokenThatIsNotGoodIsInvalidAndTheAnswerDoesNotSayWhy() {
        long now = Instant.now().getEpochSecond();
        for (String bad : List.of(
                "garbage",
                "a.b.c",
                "bnVsbA.bnVsbA.bnVsbA",
                issuer.token().with("aud", "https://other.example").signed(),
                issuer.token().with("iss", "https://other.example").signed(),
                issuer.token().header("typ", "JWT").signed(),
                issuer.token().with("nbf", now + 1_000).signed(),
                issuer.token().forgedWith(TestKeys.rs256("the thief's own")).signed(),
                issuer.token().key("unknown", TestKeys.rs256("the thief's own")).signed())) {
            assertInvalid(bad);
            assertThat(challenge(service.get("/me", bad))).contains("not valid");
        }
        assertInvalid(
                issuer.token().with("iat", now - 1_000).with("exp", now - 500).signed());
    }

    @Test
    void aScopeIsAnAuthorityAndWithoutItTheAnswerIs403() {
        assertThat(service.get("/orders", token()).statusCode()).isEqualTo(200);
        HttpResponse<String> answer =
                service.get("/orders", issuer.token().with("scope", "openid").signed());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(challenge(answer)).contains("error=\"insufficient_scope\"");
        assertThat(service.get("/orders", issuer.token().without("scope").signed())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aRoleIsAnAuthorityAndAScopeIsNoRole() {
        assertThat(service.get(
                                "/audit",
                                issuer.token().with("roles", List.of("auditor")).signed())
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.get(
                                "/audit",
                                issuer.token()
                                        .with("scope", "auditor ROLE_auditor")
                                        .signed())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoHasProvenTooLittleIsToldWhatToProve() {
        long now = Instant.now().getEpochSecond();
        assertThat(service.get(
                                "/vault",
                                issuer.token()
                                        .with("acr", "2")
                                        .with("auth_time", now)
                                        .signed())
                        .statusCode())
                .isEqualTo(200);
        for (String token : List.of(
                token(),
                issuer.token().with("acr", "1").with("auth_time", now).signed(),
                issuer.token().with("acr", "2").signed(),
                issuer.token().with("acr", "2").with("auth_time", now - 400).signed(),
                issuer.token().with("acr", List.of("2")).with("auth_time", now).signed(),
                issuer.token().with("acr", "2 1").with("auth_time", now).signed())) {
            HttpResponse<String> answer = service.get("/vault", token);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .get()
                    .asString()
                    .startsWith("Bearer error=\"insufficient_user_authentication\"")
                    .contains("acr_values=\"2\"", "max_age=\"300\"");
        }
        assertThat(service.get("/vault", issuer.token().with("scope", "openid").signed())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whileTheRulesAreStaleTheAnswerIs503WithRetryAfterAndNothingIsTooOldToRefuse() {
        String revoked = issuer.token().with("jti", "revoked before").signed();
        issuer.feed().revoke("jti", "revoked before");
        await().atMost(PATIENCE).until(() -> service.get("/me", revoked).statusCode() == 401);
        issuer.feed().pause();
        await().atMost(PATIENCE).until(() -> service.get("/me", token()).statusCode() == 503);
        HttpResponse<String> answer = service.get("/me", token());
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(challenge(answer)).isEmpty();
        assertInvalid(revoked);
        assertInvalid("garbage");
        assertThat(service.get("/me", null).statusCode()).isEqualTo(401);
        issuer.feed().resume();
        await().atMost(PATIENCE).until(() -> service.get("/me", token()).statusCode() == 200);
    }

    @Test
    void healthAndReadinessFollowTheRules() {
        assertThat(service.get("/actuator/health", null).statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health/gatehouse", null).body())
                .contains(
                        "\"fresh\":true",
                        "\"policy\":\"closed\"",
                        "stalenessMillis",
                        "\"rules\":",
                        "\"cryptoProviders\":{\"ES256\":");
        assertThat(service.get("/actuator/health/readiness", null).statusCode()).isEqualTo(200);
        issuer.feed().pause();
        await().atMost(PATIENCE)
                .until(() -> service.get("/actuator/health/readiness", null).statusCode() == 503);
        assertThat(service.get("/actuator/health", null).statusCode()).isEqualTo(503);
        assertThat(service.get("/actuator/health/gatehouse", null).body())
                .contains("OUT_OF_SERVICE", "\"fresh\":false");
        assertThat(service.get("/actuator/health/liveness", null).statusCode()).isEqualTo(200);
    }

    @Test
    void otherEndpointsOfTheActuatorWantAToken() {
        assertThat(service.get("/actuator", null).statusCode()).isEqualTo(401);
    }

    @Test
    void metricsTellHowTheCacheFares() {
        MeterRegistry metrics = service.bean(MeterRegistry.class);
        double hits =
                metrics.get("gatehouse.verifier.cache.hits").functionCounter().count();
        double misses =
                metrics.get("gatehouse.verifier.cache.misses").functionCounter().count();
        double size = metrics.get("gatehouse.verifier.cache.size").gauge().value();
        String token = issuer.token().with("jti", "comes four times").signed();
        for (int i = 0; i < 4; i++) {
            assertThat(service.get("/me", token).statusCode()).isEqualTo(200);
        }
        assertThat(metrics.get("gatehouse.verifier.cache.hits")
                        .functionCounter()
                        .count())
                .isEqualTo(hits + 2);
        assertThat(metrics.get("gatehouse.verifier.cache.misses")
                        .functionCounter()
                        .count())
                .isEqualTo(misses + 2);
        assertThat(metrics.get("gatehouse.verifier.cache.size").gauge().value()).isEqualTo(size + 1);
    }

    @Test
    void metricsTellWhoVerifiesSignatures() {
        service.bean(TokenVerifier.class)
                .cryptoProviders()
                .forEach((algorithm, provider) -> assertThat(service.bean(MeterRegistry.class)
                                .get("gatehouse.verifier.crypto")
                                .tags("algorithm", algorithm, "provider", provider)
                                .gauge()
                                .value())
                        .isEqualTo(1));
        assertThat(service.bean(TokenVerifier.class).cryptoProviders()).containsKey("RS256");
    }

    @Test
    void metricsTellTheStalenessTheRulesAndEachReasonForARefusal() {
        MeterRegistry metrics = service.bean(MeterRegistry.class);
        double refused = metrics.get("gatehouse.verifier.refused")
                .tag("reason", "audience")
                .functionCounter()
                .count();
        double accepted =
                metrics.get("gatehouse.verifier.accepted").functionCounter().count();
        assertInvalid(issuer.token().with("aud", "another").signed());
        assertThat(service.get("/me", token()).statusCode()).isEqualTo(200);
        assertThat(metrics.get("gatehouse.verifier.refused")
                        .tag("reason", "audience")
                        .functionCounter()
                        .count())
                .isEqualTo(refused + 1);
        assertThat(metrics.get("gatehouse.verifier.accepted").functionCounter().count())
                .isEqualTo(accepted + 1);
        assertThat(metrics.get("gatehouse.verifier.accepted.stale")
                        .functionCounter()
                        .count())
                .isZero();
        assertThat(metrics.get("gatehouse.verifier.rules").gauge().value())
                .isEqualTo((double) service.bean(TokenVerifier.class).rules());
        issuer.feed().pause();
        await().atMost(PATIENCE)
                .until(() -> metrics.get("gatehouse.verifier.staleness.seconds")
                                .gauge()
                                .value()
                        > 2.5);
    }
}
