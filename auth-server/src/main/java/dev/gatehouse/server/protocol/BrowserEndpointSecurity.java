package dev.gatehouse.server.protocol;

import dev.gatehouse.server.web.ErrorPage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfigurationSource;

/**
 * The chain of the endpoints that browsers are sent to: each decides by itself whom it trusts. Only the log-out that a
 * person confirms on our own page is protected against forged forms here; the rest is for other sites to call.
 */
@Configuration(proxyBeanMethods = false)
class BrowserEndpointSecurity {
    private static final RequestMatcher CONFIRMED_LOGOUT =
            request -> HttpMethod.POST.matches(request.getMethod()) && LogoutController.isConfirmed(request);

    @Bean
    @Order(30)
    SecurityFilterChain browserEndpoints(HttpSecurity http, CsrfTokenRepository csrfTokens) {
        return http.securityMatcher(AuthorizationController.PATH, UserinfoController.PATH, LogoutController.PATH)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens).requireCsrfProtectionMatcher(CONFIRMED_LOGOUT))
                .cors(cors -> cors.configurationSource(userinfoFromAnyPage()))
                .exceptionHandling(refused -> refused.accessDeniedHandler((request, response, _) ->
                        ErrorPage.send(request, response, HttpStatus.FORBIDDEN.value(), "error.forbidden")))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /** Applications in a browser call userinfo with their token; no cookie is worth anything there. */
    private static CorsConfigurationSource userinfoFromAnyPage() {
        CorsConfigurationSource open = OpenCors.of(HttpMethod.GET.name(), HttpMethod.POST.name());
        return request ->
                request.getServletPath().equals(UserinfoController.PATH) ? open.getCorsConfiguration(request) : null;
    }
}
