package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.TokenVerifier;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.ComposablePointcut;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ConditionalOnDefaultServletWebSecurity;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.method.AuthorizationInterceptorsOrder;
import org.springframework.security.authorization.method.AuthorizationManagerBeforeMethodInterceptor;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.OAuth2ProtectedResourceMetadata;
import org.springframework.security.oauth2.server.resource.authentication.DelegatingJwtGrantedAuthoritiesConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.util.ClassUtils;

/**
 * What a servlet application needs beside the decoder: authorities from {@code scope} and {@code roles}, method
 * security, 503 where tokens cannot be decided about, and, when the application declares no
 * {@link SecurityFilterChain}, one that lets only health pass without a token.
 */
@AutoConfiguration(
        after = {GatehouseVerifierAutoConfiguration.class, OAuth2ResourceServerAutoConfiguration.class},
        before = {OAuth2ResourceServerWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class})
@ConditionalOnProperty(name = "gatehouse.verifier.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class GatehouseWebSecurityAutoConfiguration {

    /** Scopes as {@code SCOPE_x} and roles as {@code ROLE_x}. */
    @Bean
    @ConditionalOnMissingBean(JwtAuthenticationConverter.class)
    JwtAuthenticationConverter gatehouseJwtAuthenticationConverter() {
        JwtGrantedAuthoritiesConverter roles = new JwtGrantedAuthoritiesConverter();
        roles.setAuthoritiesClaimName("roles");
        roles.setAuthorityPrefix("ROLE_");
        JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
        converter.setJwtGrantedAuthoritiesConverter(
                new DelegatingJwtGrantedAuthoritiesConverter(List.of(new JwtGrantedAuthoritiesConverter(), roles)));
        return converter;
    }

    @Bean
    @ConditionalOnMissingBean({BearerTokenResolver.class, AuthenticationConverter.class})
    BearerTokenResolver gatehouseBearerTokenResolver() {
        return new BearerTokens();
    }

    @Bean
    @ConditionalOnMissingBean(HttpFirewall.class)
    HttpFirewall gatehouseHttpFirewall() {
        return HeaderFirewall.create();
    }

    /** Reaches every filter chain that the application builds, its own ones too. */
    @Bean
    Customizer<HttpSecurity> gatehouseFilters(GatehouseVerifierProperties properties, CurrentPolicy policy) {
        return http -> {
            http.addFilterBefore(new UnavailableFilter(properties.retryAfter()), BearerTokenAuthenticationFilter.class);
            if (!properties.routes().isEmpty()) {
                http.addFilterBefore(
                        new RoutePolicies(properties.routes(), policy), BearerTokenAuthenticationFilter.class);
            }
            http.addFilterAfter(new StepUpFilter(), ExceptionTranslationFilter.class);
        };
    }

    @Bean
    @ConditionalOnDefaultServletWebSecurity
    @Order(SecurityFilterProperties.BASIC_AUTH_ORDER)
    SecurityFilterChain gatehouseSecurityFilterChain(HttpSecurity http, ObjectProvider<TokenVerifier> verifiers) {
        return http.authorizeHttpRequests(requests -> {
                    if (ClassUtils.isPresent(
                            "org.springframework.boot.health.actuate.endpoint.HealthEndpoint",
                            getClass().getClassLoader())) {
                        requests.requestMatchers(HealthMatchers.all()).permitAll();
                    }
                    requests.anyRequest().authenticated();
                })
                .oauth2ResourceServer(resourceServer -> resourceServer
                        .jwt(Customizer.withDefaults())
                        .protectedResourceMetadata(metadata -> metadata.protectedResourceMetadataCustomizer(
                                resource -> describe(resource, verifiers.getIfUnique()))))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    /** RFC 9728 section 2. */
    private static void describe(OAuth2ProtectedResourceMetadata.Builder resource, @Nullable TokenVerifier verifier) {
        resource.tlsClientCertificateBoundAccessTokens(false);
        if (verifier != null) {
            resource.authorizationServer(verifier.issuer());
        }
    }

    /** After the scopes are checked: who may not do it at all need not log in anew. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Advisor gatehouseStepUpAdvisor() {
        Pointcut annotated = new ComposablePointcut(new AnnotationMatchingPointcut(StepUp.class, true))
                .union(new AnnotationMatchingPointcut(null, StepUp.class, true));
        AuthorizationManagerBeforeMethodInterceptor advisor = new AuthorizationManagerBeforeMethodInterceptor(
                annotated, new StepUpAuthorizationManager(InstantSource.system()));
        advisor.setOrder(AuthorizationInterceptorsOrder.PRE_AUTHORIZE.getOrder() + 1);
        return advisor;
    }

    /** An annotation that is not looked at would leave a method open. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(name = "preAuthorizeAuthorizationMethodInterceptor")
    @EnableMethodSecurity
    static class MethodSecurity {}
}
