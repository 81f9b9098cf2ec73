package dev.gatehouse.forwardauth;

import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.spring.GatehouseVerifierProperties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;

/** Verifies the tokens of requests on behalf of a proxy that stands before services which cannot. */
@SpringBootApplication(proxyBeanMethods = false)
public class ForwardAuthApplication {
    public static void main(String[] args) {
        SpringApplication.run(ForwardAuthApplication.class, args);
    }

    @Bean
    ServletRegistrationBean<VerifyServlet> verifyServlet(
            TokenVerifier verifier, GatehouseVerifierProperties properties) {
        return new ServletRegistrationBean<>(
                new VerifyServlet(verifier, properties.retryAfter()), "/verify", "/verify/*");
    }

    @Bean
    HttpFirewall everyRequest() {
        return new EveryRequest();
    }

    /** Paths are not looked at, so they need not be well-behaved. */
    @Bean
    TomcatConnectorCustomizer everyPath() {
        return connector -> {
            connector.setEncodedSolidusHandling("passthrough");
            connector.setEncodedReverseSolidusHandling("passthrough");
        };
    }

    /** The servlet decides by itself; there is nothing else here for anybody. */
    @Bean
    SecurityFilterChain nothingElse(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/verify", "/verify/**", "/actuator/**")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(anonymous -> {})
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }
}
