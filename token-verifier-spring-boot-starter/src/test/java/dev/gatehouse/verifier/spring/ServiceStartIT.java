package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.verifier.Answers;
import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TestKeys;
import dev.gatehouse.verifier.TokenVerifier;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

class ServiceStartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScriptedIssuer issuer = new ScriptedIssuer(InstantSource.system());

    @AfterEach
    void stop() {
        issuer.close();
    }

    private String token() {
        return issuer.token().signed();
    }

    @Test
    void aServiceStartsWithoutItsIssuerAndServesOnceItIsThere() {
        issuer.answer(ScriptedIssuer.JWKS, Answers.status(503));
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        try (TestService service = TestService.start(issuer)) {
            HttpResponse<String> answer = service.get("/me", token());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(service.get("/me", null).statusCode()).isEqualTo(401);
            assertThat(service.get("/actuator/health/readiness", null).statusCode())
                    .isEqualTo(503);
            assertThat(service.get("/actuator/health/gatehouse", null).body()).contains("\"ready\":false");
            issuer.publish(TestKeys.rs256("first"));
            issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, issuer.feed()::snapshot);
            await().atMost(PATIENCE).until(() -> service.get("/me", token()).statusCode() == 200);
            assertThat(service.get("/actuator/health/readiness", null).statusCode())
                    .isEqualTo(200);
        }
    }

    /** An application with a chain of its own: only the path of the orders wants a token. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(TestService.Orders.class)
    static class OwnChain {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/orders")
                            .authenticated()
                            .anyRequest()
                            .denyAll())
                    .oauth2ResourceServer(resourceServer -> resourceServer.jwt(Customizer.withDefaults()))
                    .build();
        }
    }

    @Test
    void aChainOfTheApplicationsOwnTakesTheStartersPlaceAndAnswers503AsWell() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        try (TestService service = TestService.start(issuer, OwnChain.class)) {
            assertThat(service.context().getBeansOfType(SecurityFilterChain.class))
                    .containsOnlyKeys("chain");
            await().atMost(PATIENCE).until(() -> service.get("/orders", token()).statusCode() == 503);
            assertThat(service.get("/orders", token()).headers().firstValue("Retry-After"))
                    .hasValue("2");
            issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, issuer.feed()::snapshot);
            await().atMost(PATIENCE).until(() -> service.get("/orders", token()).statusCode() == 200);
            assertThat(service.get("/me", token()).statusCode()).isEqualTo(403);
            assertThat(service.get("/orders", null).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aRouteMayHaveAPolicyOfItsOwn() throws InterruptedException {
        try (TestService service = TestService.start(
                issuer,
                "gatehouse.verifier.staleness-bound=2s",
                "gatehouse.verifier.routes[0].path=/reports/secret",
                "gatehouse.verifier.routes[0].staleness-policy=introspect",
                "gatehouse.verifier.routes[1].path=/reports/**",
                "gatehouse.verifier.routes[1].staleness-policy=open")) {
            assertThat(service.bean(TokenVerifier.class).awaitReady(PATIENCE)).isTrue();
            issuer.feed().pause();
            await().atMost(PATIENCE).until(() -> service.get("/me", token()).statusCode() == 503);
            assertThat(service.get("/reports/daily", token()).statusCode()).isEqualTo(200);
            assertThat(service.get("/reports/secret", token()).statusCode()).isEqualTo(200);
            assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isEqualTo(1);
            issuer.answer(ScriptedIssuer.INTROSPECTION, Answers.status(503));
            assertThat(service.get("/reports/secret", token()).statusCode()).isEqualTo(503);
            assertThat(service.get("/reports/daily", token()).statusCode()).isEqualTo(200);
            assertThat(service.get("/me", token()).statusCode()).isEqualTo(503);
            assertThat(service.get("/reports/daily", "garbage").statusCode()).isEqualTo(401);
        }
    }

    /** An application that switches method security on by itself. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    @Import(TestService.Orders.class)
    static class OwnMethodSecurity {}

    @Test
    void anApplicationWithMethodSecurityOfItsOwnStarts() throws InterruptedException {
        try (TestService service = TestService.start(issuer, OwnMethodSecurity.class)) {
            assertThat(service.bean(TokenVerifier.class).awaitReady(PATIENCE)).isTrue();
            assertThat(service.get("/orders", issuer.token().without("scope").signed())
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void theMetadataOfTheResourceNameTheIssuerAndPromiseNoMore() {
        try (TestService service = TestService.start(issuer)) {
            assertThat(service.get("/.well-known/oauth-protected-resource", null)
                            .body())
                    .contains("\"authorization_servers\":[\"" + issuer.address() + "\"]")
                    .doesNotContain("\"tls_client_certificate_bound_access_tokens\":true");
        }
    }

    /** An application that makes its verifier by itself and says nothing of it in its settings. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(TestService.Orders.class)
    static class OwnVerifier {

        @Bean
        TokenVerifier verifier(@Value("${own.issuer}") String issuer) {
            return TokenVerifier.forIssuer(issuer, ScriptedIssuer.AUDIENCE)
                    .credentials(ScriptedIssuer.CLIENT, ScriptedIssuer.SECRET)
                    .start();
        }
    }

    @Test
    void anApplicationWithAVerifierOfItsOwnNeedsNoSettingsAndItsMetadataNameTheIssuer() throws InterruptedException {
        try (TestService service = TestService.start(
                issuer,
                OwnVerifier.class,
                "own.issuer=" + issuer.address(),
                "gatehouse.verifier.issuer=",
                "gatehouse.verifier.audience=",
                "gatehouse.verifier.client-id=",
                "gatehouse.verifier.client-secret=")) {
            assertThat(service.bean(TokenVerifier.class).awaitReady(PATIENCE)).isTrue();
            assertThat(service.get("/me", token()).statusCode()).isEqualTo(200);
            assertThat(service.get("/.well-known/oauth-protected-resource", null)
                            .body())
                    .contains("\"authorization_servers\":[\"" + issuer.address() + "\"]");
        }
    }

    @Test
    void aServiceThatStopsLetsGoOfItsIssuer() throws InterruptedException {
        TokenVerifier verifier;
        try (TestService service = TestService.start(issuer)) {
            verifier = service.bean(TokenVerifier.class);
            assertThat(verifier.awaitReady(PATIENCE)).isTrue();
        }
        await().atMost(PATIENCE).until(() -> !verifier.status().fresh());
    }
}
