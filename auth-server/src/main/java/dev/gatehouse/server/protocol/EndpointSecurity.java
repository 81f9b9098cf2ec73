package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.revocation.LogPosition;
import dev.gatehouse.server.revocation.ResourceServers;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.revocation.Revocations;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.RefreshTokens;
import dev.gatehouse.server.web.ClientAddress;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The endpoints that clients call: the engine's filters in the engine's order, with converters and providers of our own in
 * the places of its stock ones, which read first and write later (see docs/decisions/0001-the-engine.md).
 */
@Configuration(proxyBeanMethods = false)
class EndpointSecurity {
    private static final String TOKEN = "/oauth2/token";

    private static final String REVOKE = "/oauth2/revoke";

    private static final String INTROSPECT = "/oauth2/introspect";

    static boolean isIntrospection(HttpServletRequest request) {
        return request.getServletPath().equals(INTROSPECT);
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings(Issuer issuer) {
        return AuthorizationServerSettings.builder().issuer(issuer.value()).build();
    }

    @Bean
    RefusalWriter refusalWriter(JsonMapper json, AuditLog auditLog, MeterRegistry metrics) {
        return new RefusalWriter(json, auditLog, metrics);
    }

    @Bean
    EngineClients engineClients(Clients clients) {
        return new EngineClients(clients);
    }

    /** The providers that decide, in place of the engine's. */
    record Providers(
            AuthenticationProvider client,
            AuthenticationProvider token,
            AuthenticationProvider revocation,
            AuthenticationProvider introspection) {}

    @Bean
    Providers providers(
            Clients clients,
            ResourceServers resourceServers,
            RateLimiter limiter,
            ProtocolProperties properties,
            List<TokenGrant> grants,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            Revocations revocations,
            RevocationRules rules,
            Accounts accounts,
            Issuer issuer,
            AuditLog auditLog,
            MeterRegistry metrics) {
        return new Providers(
                new ClientAuthenticationProvider(clients, resourceServers, limiter, properties),
                new TokenRequestProvider(grants, limiter, properties, auditLog, metrics),
                new TokenRevocationProvider(refreshTokens, accessTokens, revocations, auditLog),
                new TokenIntrospectionProvider(accessTokens, refreshTokens, rules, accounts, issuer));
    }

    @Bean
    @Order(20)
    SecurityFilterChain clientEndpoints(
            HttpSecurity http,
            EngineClients clients,
            AuthorizationServerSettings settings,
            Providers providers,
            ClientAddress addresses,
            AccessTokens accessTokens,
            RefusalWriter refusals,
            JsonMapper json) {
        return http.securityMatcher(TOKEN, REVOKE, INTROSPECT)
                .addFilterBefore(new PostOnlyFilter(), SecurityContextHolderFilter.class)
                .cors(cors -> cors.configurationSource(OpenCors.of("POST")))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .with(
                        new OAuth2AuthorizationServerConfigurer(),
                        engine -> engine.registeredClientRepository(clients)
                                .authorizationService(new NoEngineAuthorizations())
                                .authorizationServerSettings(settings)
                                .clientAuthentication(authentication -> authentication
                                        .authenticationConverters(
                                                only(new ClientAuthenticationConverter(addresses, accessTokens)))
                                        .authenticationProviders(only(providers.client()))
                                        .errorResponseHandler(refusals))
                                .tokenEndpoint(endpoint -> endpoint.accessTokenRequestConverters(
                                                only(EndpointSecurity::tokenRequest))
                                        .authenticationProviders(only(providers.token()))
                                        .accessTokenResponseHandler((_, response, answer) -> write(
                                                response, json, tokenResponse((OAuth2AccessTokenAuthenticationToken)
                                                        answer)))
                                        .errorResponseHandler(refusals))
                                .tokenRevocationEndpoint(endpoint -> endpoint.revocationRequestConverters(
                                                only(EndpointSecurity::revocationRequest))
                                        .authenticationProviders(only(providers.revocation()))
                                        .revocationResponseHandler((_, response, answer) -> revoked(response, answer))
                                        .errorResponseHandler(refusals))
                                .tokenIntrospectionEndpoint(endpoint -> endpoint.introspectionRequestConverters(
                                                only(EndpointSecurity::introspectionRequest))
                                        .authenticationProviders(only(providers.introspection()))
                                        .introspectionResponseHandler((_, response, answer) ->
                                                write(response, json, ((Introspection) answer).answer()))
                                        .errorResponseHandler(refusals)))
                .build();
    }

    private static <T> Consumer<List<T>> only(T one) {
        return stock -> {
            stock.clear();
            stock.add(one);
        };
    }

    private static Authentication tokenRequest(HttpServletRequest request) {
        return Refusal.orResult(() -> new TokenRequest(AuthenticatedClient.current(), Form.of(request)));
    }

    private static Authentication revocationRequest(HttpServletRequest request) {
        return Refusal.orResult(() -> new OAuth2TokenRevocationAuthenticationToken(
                Form.of(request).require("token"), AuthenticatedClient.current(), null));
    }

    private static Authentication introspectionRequest(HttpServletRequest request) {
        return Refusal.orResult(() -> new OAuth2TokenIntrospectionAuthenticationToken(
                Form.of(request).require("token"), AuthenticatedClient.current(), null, null));
    }

    /** RFC 7009 section 2.2; the header is what a receipt can be asked for with, docs/revocation.md. */
    private static void revoked(HttpServletResponse response, Authentication answer) {
        if (answer.getDetails() instanceof LogPosition position) {
            response.setHeader("Revocation-Position", position.toString());
        }
        response.setStatus(HttpServletResponse.SC_OK);
    }

    /** RFC 6749 section 5.1. The engine's own writer counts the lifetime from the moment of writing: one second less. */
    private static Map<String, Object> tokenResponse(OAuth2AccessTokenAuthenticationToken answer) {
        OAuth2AccessToken token = answer.getAccessToken();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("access_token", token.getTokenValue());
        members.put("token_type", token.getTokenType().getValue());
        members.put(
                "expires_in",
                Duration.between(token.getIssuedAt(), token.getExpiresAt()).toSeconds());
        members.put("scope", String.join(" ", token.getScopes()));
        if (answer.getRefreshToken() != null) {
            members.put("refresh_token", answer.getRefreshToken().getTokenValue());
        }
        members.putAll(answer.getAdditionalParameters());
        return members;
    }

    private static void write(HttpServletResponse response, JsonMapper json, Map<String, Object> members)
            throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        json.writeValue(response.getOutputStream(), members);
    }
}
