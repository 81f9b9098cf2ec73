package dev.gatehouse.sample.orders;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Component;

/**
 * The access token behind a person's session. It is verified for each page like the token of any API call, so that a
 * log-out elsewhere ends this session too; it is refreshed shortly before it expires, or when it is refused.
 */
@Component
class Login {
    static final String REGISTRATION = "gatehouse";

    private static final Duration ALWAYS = Duration.ofDays(36_500);

    private final JwtDecoder verifier;

    private final DefaultOAuth2AuthorizedClientManager refreshedWhenDue;

    private final DefaultOAuth2AuthorizedClientManager refreshedNow;

    Login(
            JwtDecoder verifier,
            ClientRegistrationRepository registrations,
            OAuth2AuthorizedClientRepository authorizedClients,
            OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> refreshes) {
        this.verifier = verifier;
        this.refreshedWhenDue = manager(registrations, authorizedClients, refreshes, Duration.ofSeconds(30));
        this.refreshedNow = manager(registrations, authorizedClients, refreshes, ALWAYS);
    }

    private static DefaultOAuth2AuthorizedClientManager manager(
            ClientRegistrationRepository registrations,
            OAuth2AuthorizedClientRepository authorizedClients,
            OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> refreshes,
            Duration beforeExpiry) {
        var provider = new RefreshTokenOAuth2AuthorizedClientProvider();
        provider.setAccessTokenResponseClient(refreshes);
        provider.setClockSkew(beforeExpiry);
        var manager = new DefaultOAuth2AuthorizedClientManager(registrations, authorizedClients);
        manager.setAuthorizedClientProvider(provider);
        return manager;
    }

    /** The token of this person's login, valid right now. */
    Jwt token(Authentication person) {
        try {
            return verify(refreshedWhenDue, person);
        } catch (BadJwtException refused) {
            try {
                return verify(refreshedNow, person);
            } catch (BadJwtException refusedAgain) {
                throw new Ended(refusedAgain);
            }
        }
    }

    private Jwt verify(DefaultOAuth2AuthorizedClientManager manager, Authentication person) {
        OAuth2AuthorizedClient client = authorize(manager, person);
        if (client == null) {
            throw new Ended(null);
        }
        return verifier.decode(client.getAccessToken().getTokenValue());
    }

    private static @Nullable OAuth2AuthorizedClient authorize(
            DefaultOAuth2AuthorizedClientManager manager, Authentication person) {
        try {
            return manager.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(REGISTRATION)
                    .principal(person)
                    .build());
        } catch (ClientAuthorizationException e) {
            if (OAuth2ErrorCodes.INVALID_GRANT.equals(e.getError().getErrorCode())) {
                throw new Ended(e);
            }
            throw e;
        }
    }

    /** The login is over: logged out elsewhere, revoked, or too old to refresh. */
    static final class Ended extends RuntimeException {
        Ended(@Nullable Throwable cause) {
            super("the login has ended", cause);
        }
    }
}
