package dev.gatehouse.server.admin;

import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.token.AccessTokens;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** Who may use the admin API: whoever shows a token for it in the Authorization header. No cookie counts here. */
@Configuration(proxyBeanMethods = false)
class AdminSecurity {
    static final String PATH = "/admin/api";

    @Bean
    @Order(15)
    SecurityFilterChain adminApi(HttpSecurity http, AccessTokens accessTokens, RevocationRules rules, Issuer issuer) {
        return http.securityMatcher(PATH + "/**")
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .addFilterBefore(new AdminTokenFilter(accessTokens, rules, issuer), AuthorizationFilter.class)
                .build();
    }
}
