package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.web.ErrorPage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;

/** The security chain of the account pages: whoever is not logged in does so first. */
@Configuration(proxyBeanMethods = false)
class AccountSecurity {
    @Bean
    @Order(90)
    SecurityFilterChain accountPages(
            HttpSecurity http, SecurityContextRepository contexts, CsrfTokenRepository csrfTokens) {
        return http.securityMatcher("/account", "/account/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .securityContext(context -> context.securityContextRepository(contexts))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens))
                .requestCache(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .exceptionHandling(refused -> refused.authenticationEntryPoint(AccountSecurity::logIn)
                        .accessDeniedHandler((request, response, _) ->
                                ErrorPage.send(request, response, HttpStatus.FORBIDDEN.value(), "error.forbidden")))
                .build();
    }

    private static void logIn(HttpServletRequest request, HttpServletResponse response, AuthenticationException refusal)
            throws IOException {
        if (HttpMethod.GET.matches(request.getMethod())) {
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader("Location", "/login?to=" + request.getServletPath());
        } else {
            ErrorPage.send(request, response, HttpStatus.FORBIDDEN.value(), "error.forbidden");
        }
    }
}
