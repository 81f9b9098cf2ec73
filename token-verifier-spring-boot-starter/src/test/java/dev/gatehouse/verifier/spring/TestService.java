package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.ScriptedIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** A small service that trusts an issuer, as anybody would write it with the starter. */
record TestService(ConfigurableApplicationContext context) implements AutoCloseable {

    private static final HttpClient http = HttpClient.newHttpClient();

    /** The service without a line about security. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Orders.class)
    static class Application {}

    @RestController
    static class Orders {

        @GetMapping("/me")
        String me(Principal principal) {
            return principal.getName();
        }

        @PostMapping("/orders")
        String order() {
            return "ordered";
        }

        @GetMapping("/orders")
        @PreAuthorize("hasAuthority('SCOPE_orders.read')")
        String orders() {
            return "orders";
        }

        @GetMapping("/reports/{name}")
        String report(@PathVariable String name) {
            return name;
        }

        @GetMapping("/vault")
        @PreAuthorize("hasAuthority('SCOPE_orders.read')")
        @StepUp(acrValues = "2", maxAgeSeconds = 300)
        String vault() {
            return "vault";
        }

        @GetMapping("/audit")
        @PreAuthorize("hasRole('auditor')")
        String audit() {
            return "audit";
        }
    }

    static String[] properties(ScriptedIssuer issuer, String... more) {
        return Stream.concat(
                        Stream.of(
                                "gatehouse.verifier.issuer=" + issuer.address(),
                                "gatehouse.verifier.audience=" + ScriptedIssuer.AUDIENCE,
                                "gatehouse.verifier.client-id=" + ScriptedIssuer.CLIENT,
                                "gatehouse.verifier.client-secret=" + ScriptedIssuer.SECRET),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    static TestService start(ScriptedIssuer issuer, String... more) {
        return start(issuer, Application.class, more);
    }

    static TestService start(ScriptedIssuer issuer, Class<?> application, String... more) {
        return new TestService(new SpringApplicationBuilder(application)
                .web(WebApplicationType.SERVLET)
                .properties(properties(issuer, more))
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "spring.main.banner-mode=off",
                        "management.endpoint.health.show-details=always",
                        "management.endpoint.health.probes.enabled=true")
                .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    HttpResponse<String> get(String path, @Nullable String token) {
        return send(request(path, token).GET());
    }

    HttpResponse<String> post(String path, @Nullable String token) {
        return send(request(path, token).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path, @Nullable String token) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
