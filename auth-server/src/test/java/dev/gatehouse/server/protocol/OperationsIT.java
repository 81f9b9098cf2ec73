package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.source.JWKSource;
import dev.gatehouse.server.GatehouseTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.security.core.userdetails.UserDetailsService;

/** What operations see of the protocol, on a port of their own. */
@GatehouseTest
class OperationsIT {
    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Value("${management.server.port}")
    private int port;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private GrantedCodes codes;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private ApplicationContext server;

    private ClientSide operations = ClientSide.unauthenticated("");

    @BeforeEach
    void port() {
        operations = ClientSide.unauthenticated("http://127.0.0.1:" + port);
    }

    @Test
    void healthSaysWhatIsWellAndNothingElse() {
        for (String group : List.of("", "/liveness", "/readiness")) {
            Answer answer = operations.get("/actuator/health" + group);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text("status")).isEqualTo("UP");
            assertThat(answer.response().body()).doesNotContain("jdbc", "127.0.0.1", "version", "details");
        }
        assertThat(operations.get("/actuator/health/readiness").response().body())
                .contains("\"db\"", "\"redis\"", "\"signingKey\"", "\"revocationLog\"");
        String info = operations.get("/actuator/info").response().body();
        assertThat(info).contains("\"version\"");
        assertThat(info.contains("\"commit\"")).isEqualTo(Files.exists(Path.of("..", ".git")));
    }

    @Test
    void operationsAndThePublicKeepToTheirPorts() {
        ClientSide everybody = ClientSide.unauthenticated(issuer);
        for (String path : List.of("/actuator", "/actuator/health", "/actuator/prometheus", "/actuator/env")) {
            assertThat(everybody.get(path).status()).as(path).isEqualTo(404);
        }
        for (String path :
                List.of("/oauth2/jwks", "/login", "/actuator/env", "/actuator/heapdump", "/actuator/beans")) {
            assertThat(operations.get(path).status()).as(path).isIn(401, 404);
        }
    }

    @Test
    void noKeyAndNoUserIsMadeUpAtTheStart() {
        assertThat(server.getBeansOfType(JWKSource.class)).isEmpty();
        assertThat(server.getBeansOfType(UserDetailsService.class)).isEmpty();
    }

    @Test
    void theMetricsTellGrantsRefusalsRevocationsAndRedisLatencyApart() {
        ClientSide load = ClientSide.of(issuer, "load", "load-secret");
        String token = load.token("grant_type", "client_credentials").text("access_token");
        load.revoke(token);
        load.token("grant_type", "password");
        ClientSide web = ClientSide.of(issuer, "web", "web-secret");
        Answer login = web.token(
                "grant_type",
                "authorization_code",
                "code",
                codes.forClient("web", "openid orders.read"),
                "redirect_uri",
                GrantedCodes.REDIRECT_URI,
                "code_verifier",
                GrantedCodes.VERIFIER);
        web.token("grant_type", "refresh_token", "refresh_token", login.text("refresh_token"));

        String metrics = operations.get("/actuator/prometheus").response().body();

        assertThat(metrics)
                .contains(
                        "gatehouse_tokens_issued_total{grant=\"client_credentials\"}",
                        "gatehouse_tokens_issued_total{grant=\"authorization_code\"}",
                        "gatehouse_tokens_issued_total{grant=\"refresh_token\"}",
                        "gatehouse_refusals_total{endpoint=\"token\",error=\"unsupported_grant_type\"}",
                        "gatehouse_revocations_total{kind=\"jti\"}",
                        "gatehouse_feed_subscribers",
                        "lettuce_command_completion_seconds_count{command=\"EVALSHA\"")
                .doesNotContain(token);
    }
}
