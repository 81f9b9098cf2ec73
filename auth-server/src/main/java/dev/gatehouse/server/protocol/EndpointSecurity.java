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
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenIntrospectionAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.web.OAuth2ClientAuthenticationFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2TokenEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2TokenIntrospectionEndpointFilter;
import org.springframework.security.oauth2.server.authorization.web.OAuth2TokenRevocationEndpointFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.filter.CorsFilter;
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

    private static final Set<String> PATHS = Set.of(TOKEN, REVOKE, INTROSPECT);

    static boolean isIntrospection(HttpServletRequest request) {
        return request.getServletPath().equals(INTROSPECT);
    }

    @Bean
    RefusalWriter refusalWriter(JsonMapper json, AuditLog auditLog, MeterRegistry metrics) {
        return new RefusalWriter(json, auditLog, metrics);
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

    /**
     * No more than the engine's own filters and what stands before them. Nothing here has a session, a page or a person, so
     * what Spring Security does for those would cost each request and find nothing to do.
     */
    @Bean
    @Order(20)
    SecurityFilterChain clientEndpoints(
            Providers providers,
            ClientAddress addresses,
            AccessTokens accessTokens,
            RefusalWriter refusals,
            JsonMapper json) {
        AuthenticationManager decides = new ProviderManager(
                providers.client(), providers.token(), providers.revocation(), providers.introspection());
        return new DefaultSecurityFilterChain(
                request -> PATHS.contains(request.getServletPath()),
                new PostOnlyFilter(),
                new CorsFilter(OpenCors.of("POST")),
                clientAuthentication(decides, new ClientAuthenticationConverter(addresses, accessTokens), refusals),
                tokenEndpoint(decides, refusals, json),
                revocationEndpoint(decides, refusals),
                introspectionEndpoint(decides, refusals, json));
    }

    private static Filter clientAuthentication(
            AuthenticationManager decides, AuthenticationConverter presented, RefusalWriter refusals) {
        OAuth2ClientAuthenticationFilter filter =
                new OAuth2ClientAuthenticationFilter(decides, AnyRequestMatcher.INSTANCE);
        filter.setAuthenticationConverter(presented);
        filter.setAuthenticationFailureHandler(refusals);
        return filter;
    }

    private static Filter tokenEndpoint(AuthenticationManager decides, RefusalWriter refusals, JsonMapper json) {
        OAuth2TokenEndpointFilter filter = new OAuth2TokenEndpointFilter(decides, TOKEN);
        filter.setAuthenticationConverter(_ -> new TokenRequest(AuthenticatedClient.current()));
        filter.setAuthenticationSuccessHandler(
                (_, response, answer) -> write(response, json, ((TokenAnswer) answer).members()));
        filter.setAuthenticationFailureHandler(refusals);
        return filter;
    }

    private static Filter revocationEndpoint(AuthenticationManager decides, RefusalWriter refusals) {
        OAuth2TokenRevocationEndpointFilter filter = new OAuth2TokenRevocationEndpointFilter(decides, REVOKE);
        filter.setAuthenticationConverter(
                _ -> about((token, client) -> new OAuth2TokenRevocationAuthenticationToken(token, client, null)));
        filter.setAuthenticationSuccessHandler((_, response, answer) -> revoked(response, answer));
        filter.setAuthenticationFailureHandler(refusals);
        return filter;
    }

    private static Filter introspectionEndpoint(
            AuthenticationManager decides, RefusalWriter refusals, JsonMapper json) {
        OAuth2TokenIntrospectionEndpointFilter filter = new OAuth2TokenIntrospectionEndpointFilter(decides, INTROSPECT);
        filter.setAuthenticationConverter(_ ->
                about((token, client) -> new OAuth2TokenIntrospectionAuthenticationToken(token, client, null, null)));
        filter.setAuthenticationSuccessHandler(
                (_, response, answer) -> write(response, json, ((Introspection) answer).answer()));
        filter.setAuthenticationFailureHandler(refusals);
        return filter;
    }

    /** What is asked about the token that the request names. */
    private static Authentication about(BiFunction<String, AuthenticatedClient, Authentication> question) {
        AuthenticatedClient client = AuthenticatedClient.current();
        return Refusal.orResult(() -> question.apply(client.form().require("token"), client));
    }

    /** RFC 7009 section 2.2; the header is what a receipt can be asked for with, docs/revocation.md. */
    private static void revoked(HttpServletResponse response, Authentication answer) {
        if (answer.getDetails() instanceof LogPosition position) {
            response.setHeader("Revocation-Position", position.toString());
        }
        response.setHeader("Cache-Control", "no-store");
        response.setStatus(HttpServletResponse.SC_OK);
    }

    private static void write(HttpServletResponse response, JsonMapper json, Map<String, Object> members)
            throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        json.writeValue(response.getOutputStream(), members);
    }
}
