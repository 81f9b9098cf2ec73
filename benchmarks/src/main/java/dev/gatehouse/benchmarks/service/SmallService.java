package dev.gatehouse.benchmarks.service;

import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * One endpoint. Profile {@code open} lets everybody in; {@code stock} is Spring's own resource server; {@code gatehouse} is what
 * the starter makes of it.
 */
@SpringBootApplication
@RestController
public class SmallService {

    public static void main(String[] arguments) {
        SpringApplication.run(SmallService.class, arguments);
    }

    @GetMapping("/")
    Map<String, Object> answer() {
        return Map.of("item", "teapot", "quantity", 42);
    }

    @Bean
    @Profile("open")
    SecurityFilterChain open(HttpSecurity http) {
        return stateless(http)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Profile("stock")
    SecurityFilterChain stock(HttpSecurity http) {
        return stateless(http)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .oauth2ResourceServer(server -> server.jwt(jwt -> {}))
                .build();
    }

    /** As its documentation has it for access tokens by RFC 9068. */
    @Bean
    @Profile("stock")
    JwtDecoder decoder(
            @Value("${issuer}") String issuer, @Value("${keys}") String keys, @Value("${audience}") String audience) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withJwkSetUri(keys).validateType(false).build();
        decoder.setJwtValidator(JwtValidators.createAtJwtValidator()
                .issuer(issuer)
                .audience(audience)
                .clientId("web")
                .build());
        return decoder;
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(csrf -> csrf.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }
}
