package dev.gatehouse.sample.orders;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.OAuth2AuthorizationContext;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.TokenExchangeOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.TokenExchangeGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.security.oauth2.client.web.client.RequestAttributePrincipalResolver;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.client.RestClient;

/** The two ways to call inventory: as this service itself, and on behalf of a caller. */
@Configuration(proxyBeanMethods = false)
class InventoryClients {
    /** With a token of our own (client_credentials): one for all callers, kept until shortly before it expires. */
    @Bean
    RestClient inventoryAsOurselves(
            OrdersProperties properties,
            JdkClientHttpRequestFactory httpRequests,
            ClientRegistrationRepository registrations,
            OAuth2AuthorizedClientService kept,
            OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> tokens) {
        var provider = new ClientCredentialsOAuth2AuthorizedClientProvider();
        provider.setAccessTokenResponseClient(tokens);
        provider.setClockSkew(Duration.ofSeconds(30));
        var manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, kept);
        manager.setAuthorizedClientProvider(provider);
        var ownTokens = new OwnTokens(manager, kept);
        var bearer = new OAuth2ClientHttpRequestInterceptor(ownTokens);
        bearer.setClientRegistrationIdResolver(request -> OwnTokens.REGISTRATION);
        bearer.setPrincipalResolver(request -> OwnTokens.OURSELVES);
        return inventory(properties, httpRequests, bearer, ownTokens);
    }

    /**
     * With a token that is exchanged for the caller's (RFC 8693). It is used once and never kept, so that it cannot outlive
     * or be mistaken for another.
     */
    @Bean
    RestClient inventoryForTheCaller(
            OrdersProperties properties,
            JdkClientHttpRequestFactory httpRequests,
            ClientRegistrationRepository registrations,
            OAuth2AccessTokenResponseClient<TokenExchangeGrantRequest> tokens) {
        ClientRegistration registration = requireNonNull(registrations.findByRegistrationId("inventory-for-caller"));
        var provider = new TokenExchangeOAuth2AuthorizedClientProvider();
        provider.setAccessTokenResponseClient(tokens);
        provider.setSubjectTokenResolver(InventoryClients::subjectToken);
        var bearer = new OAuth2ClientHttpRequestInterceptor(
                request -> provider.authorize(OAuth2AuthorizationContext.withClientRegistration(registration)
                        .principal(request.getPrincipal())
                        .build()));
        bearer.setClientRegistrationIdResolver(request -> registration.getRegistrationId());
        bearer.setPrincipalResolver(new RequestAttributePrincipalResolver());
        return inventory(properties, httpRequests, bearer);
    }

    private static @Nullable OAuth2Token subjectToken(OAuth2AuthorizationContext context) {
        return context.getPrincipal().getPrincipal() instanceof Jwt jwt
                ? new OAuth2AccessToken(
                        OAuth2AccessToken.TokenType.BEARER, jwt.getTokenValue(), jwt.getIssuedAt(), jwt.getExpiresAt())
                : null;
    }

    private static RestClient inventory(
            OrdersProperties properties,
            JdkClientHttpRequestFactory httpRequests,
            ClientHttpRequestInterceptor... interceptors) {
        return RestClient.builder()
                .baseUrl(properties.inventory().url())
                .requestFactory(httpRequests)
                .requestInterceptors(all -> all.addAll(List.of(interceptors)))
                .build();
    }
}
