package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.web.ClientAddress;
import dev.gatehouse.server.web.ErrorPage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfTokenRepository;

/** The last security chain: the pages, and a plain "not found" for everything that no chain knows. */
@Configuration(proxyBeanMethods = false)
class PageSecurity {
    /** After what says where a request comes from, before everything that costs, its observation among it. */
    @Bean
    FilterRegistrationBean<LoginFloodGate> loginFloodGate(
            LoginLimits limits,
            RateLimiter rateLimiter,
            Accounts accounts,
            KnownDevices knownDevices,
            RefusalPages refusals,
            LoginEvents events,
            ClientAddress clientAddress,
            InstantSource clock) {
        FilterRegistrationBean<LoginFloodGate> gate = new FilterRegistrationBean<>(new LoginFloodGate(
                limits, rateLimiter, accounts, knownDevices, refusals, events, clientAddress, clock));
        gate.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        gate.setDispatcherTypes(DispatcherType.REQUEST);
        return gate;
    }

    @Bean
    @Order(100)
    SecurityFilterChain pages(HttpSecurity http, SecurityContextRepository contexts, CsrfTokenRepository csrfTokens) {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(
                                "/",
                                "/login",
                                "/login/continue",
                                "/login/passkey",
                                "/login/factor",
                                "/login/factor/**",
                                "/consent",
                                "/error",
                                "/assets/**",
                                "/theme/*")
                        .permitAll()
                        .requestMatchers(
                                "/register", "/register/complete", "/recover", "/recover/password", "/verify-email")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .securityContext(context -> context.securityContextRepository(contexts))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens))
                .requestCache(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .exceptionHandling(refused -> refused.accessDeniedHandler(PageSecurity::refuse)
                        .authenticationEntryPoint((_, response, _) -> response.sendError(HttpStatus.NOT_FOUND.value())))
                .build();
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, AccessDeniedException refusal)
            throws IOException {
        if (refusal instanceof CsrfException) {
            ErrorPage.send(request, response, HttpStatus.FORBIDDEN.value(), "error.forbidden");
        } else {
            response.sendError(HttpStatus.NOT_FOUND.value());
        }
    }
}
