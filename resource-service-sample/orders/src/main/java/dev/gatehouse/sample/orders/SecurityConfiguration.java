package dev.gatehouse.sample.orders;

import static org.springframework.security.config.Customizer.withDefaults;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.client.OidcBackChannelLogoutHandler;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.security.web.authentication.logout.LogoutSuccessHandler;
import org.springframework.security.web.session.HttpSessionEventPublisher;

/** Two doors: the API takes a token with each request and knows no session; the pages know the session and take no token. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final String SESSION_COOKIE = "orders-session";

    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http) {
        return http.securityMatcher("/orders", "/stock", "/whoami", "/.well-known/**", "/actuator/**")
                .authorizeHttpRequests(requests -> requests.requestMatchers("/actuator/health/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(tokens -> tokens.jwt(withDefaults()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain pages(
            HttpSecurity http,
            ClientRegistrationRepository registrations,
            OrdersProperties properties,
            @Value("${gatehouse.issuer}") String issuer) {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/", "/style.css", "/icon.svg")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2Login(login -> login.clientRegistrationRepository(onlyTheLogin(registrations))
                        .loginPage("/")
                        .defaultSuccessUrl("/", true)
                        .failureUrl("/?failed")
                        .authorizationEndpoint(
                                endpoint -> endpoint.authorizationRequestResolver(stepUps(onlyTheLogin(registrations))))
                        .withObjectPostProcessor(loginsThatCannotBegin()))
                .logout(logout -> logout.deleteCookies(SESSION_COOKIE)
                        .logoutSuccessHandler(logOutAtTheIssuer(registrations, properties)))
                .oidcLogout(logout -> logout.backChannel(withDefaults()))
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
                                + issuer)))
                .build();
    }

    /**
     * Ends the sessions that the issuer says have ended, OpenID Connect Back-Channel Logout, once the library has verified its logout
     * token. The library does so by a request to this service for each of them; it must not go where a Host header says.
     */
    @Bean
    OidcBackChannelLogoutHandler sessionsThatTheIssuerEnds(
            OidcSessionRegistry sessions, @Value("${server.port}") int port) {
        var handler = new OidcBackChannelLogoutHandler(sessions);
        handler.setSessionCookieName(SESSION_COOKIE);
        handler.setLogoutUri("http://localhost:" + port + "/logout/connect/back-channel/{registrationId}");
        return handler;
    }

    /** Which of the issuer's logins each session came from; as short-lived as the sessions themselves. */
    @Bean
    OidcSessionRegistry sessions() {
        return new InMemoryOidcSessionRegistry();
    }

    /** Tells the registry of sessions that have ended otherwise. */
    @Bean
    HttpSessionEventPublisher sessionEvents() {
        return new HttpSessionEventPublisher();
    }

    /** The registrations for machine calls are nothing that a browser may start a login with. */
    private static ClientRegistrationRepository onlyTheLogin(ClientRegistrationRepository registrations) {
        return id -> id.equals(Login.REGISTRATION) ? registrations.findByRegistrationId(id) : null;
    }

    /** A login that is asked to prove more says so to the issuer, RFC 9470 section 4. */
    private static OAuth2AuthorizationRequestResolver stepUps(ClientRegistrationRepository registrations) {
        var logins = new DefaultOAuth2AuthorizationRequestResolver(registrations);
        var stepUps = new DefaultOAuth2AuthorizationRequestResolver(registrations);
        stepUps.setAuthorizationRequestCustomizer(request -> request.additionalParameters(parameters ->
                parameters.putAll(Map.of("acr_values", Orders.CANCELLING_ACR, "max_age", Orders.CANCELLING_MAX_AGE))));
        return new OAuth2AuthorizationRequestResolver() {
            @Override
            public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
                return (request.getParameter("step-up") == null ? logins : stepUps).resolve(request);
            }

            @Override
            public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String registrationId) {
                return logins.resolve(request, registrationId);
            }
        };
    }

    /** They end like the ones that fail later, and not as an error of this service. */
    private static ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> loginsThatCannotBegin() {
        return new ObjectPostProcessor<>() {
            @Override
            public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F filter) {
                filter.setAuthenticationFailureHandler(new SimpleUrlAuthenticationFailureHandler("/?failed"));
                return filter;
            }
        };
    }

    /** Also behind a proxy that ends the TLS connection, where requests themselves do not look secure. */
    @Bean
    ServletContextInitializer sessionCookieIsSecureWhereTheSchemeAllows(OrdersProperties properties) {
        return context ->
                context.getSessionCookieConfig().setSecure(properties.url().startsWith("https:"));
    }

    private static LogoutSuccessHandler logOutAtTheIssuer(
            ClientRegistrationRepository registrations, OrdersProperties properties) {
        var handler = new OidcClientInitiatedLogoutSuccessHandler(registrations);
        handler.setPostLogoutRedirectUri(properties.url() + "/");
        return handler;
    }
}
