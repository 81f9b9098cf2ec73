package dev.gatehouse.sample.orders;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientPropertiesMapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.AbstractRestClientOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientTokenExchangeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.TokenExchangeGrantRequest;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** How this service talks to the issuer's token endpoint. Nothing here does so before a token is needed. */
@Configuration(proxyBeanMethods = false)
class TokenClients {
    /** The registrations of application.yml, completed with what Spring Boot would fetch from the issuer at start. */
    @Bean
    ClientRegistrationRepository clientRegistrations(
            OAuth2ClientProperties properties, @Value("${gatehouse.issuer}") String issuer) {
        List<ClientRegistration> registrations = new OAuth2ClientPropertiesMapper(properties)
                .asClientRegistrations().values().stream()
                        .map(registration -> ClientRegistration.withClientRegistration(registration)
                                .issuerUri(issuer)
                                .providerConfigurationMetadata(
                                        Map.of("end_session_endpoint", issuer + "/connect/logout"))
                                .build())
                        .toList();
        return new InMemoryClientRegistrationRepository(registrations);
    }

    /** A person's tokens live in their session and end with it. */
    @Bean
    OAuth2AuthorizedClientRepository authorizedClients() {
        return new HttpSessionOAuth2AuthorizedClientRepository();
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> codes(
            JdkClientHttpRequestFactory httpRequests) {
        return patient(new RestClientAuthorizationCodeTokenResponseClient(), httpRequests);
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> refreshes(
            JdkClientHttpRequestFactory httpRequests) {
        return patient(new RestClientRefreshTokenTokenResponseClient(), httpRequests);
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> clientCredentials(
            JdkClientHttpRequestFactory httpRequests, OrdersProperties properties) {
        var client = new RestClientClientCredentialsTokenResponseClient();
        client.setParametersCustomizer(
                parameters -> parameters.set("resource", properties.inventory().audience()));
        return patient(client, httpRequests);
    }

    @Bean
    OAuth2AccessTokenResponseClient<TokenExchangeGrantRequest> exchanges(
            JdkClientHttpRequestFactory httpRequests, OrdersProperties properties) {
        var client = new RestClientTokenExchangeTokenResponseClient();
        client.setParametersCustomizer(
                parameters -> parameters.set("resource", properties.inventory().audience()));
        return patient(client, httpRequests);
    }

    private static <C extends AbstractRestClientOAuth2AccessTokenResponseClient<?>> C patient(
            C client, JdkClientHttpRequestFactory httpRequests) {
        client.setRestClient(RestClient.builder()
                .requestFactory(httpRequests)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return client;
    }

    /** A peer that hangs must not hang the caller. */
    @Bean
    JdkClientHttpRequestFactory httpRequests() {
        var requests = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build());
        requests.setReadTimeout(Duration.ofSeconds(5));
        return requests;
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}
