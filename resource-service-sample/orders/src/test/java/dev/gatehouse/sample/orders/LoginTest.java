package dev.gatehouse.sample.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

class LoginTest {
    private final ClientRegistration registration = ClientRegistration.withRegistrationId(Login.REGISTRATION)
            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
            .clientId("web")
            .redirectUri("http://localhost:8081/login/oauth2/code/gatehouse")
            .authorizationUri("http://localhost:9000/oauth2/authorize")
            .tokenUri("http://localhost:9000/oauth2/token")
            .build();

    private final HttpSessionOAuth2AuthorizedClientRepository session =
            new HttpSessionOAuth2AuthorizedClientRepository();

    private final MockHttpServletRequest request = new MockHttpServletRequest();

    private final Authentication alice = new TestingAuthenticationToken("alice", null);

    private final Set<String> revoked = new HashSet<>();

    private final List<String> presented = new ArrayList<>();

    private String tokenEndpointSays = "";

    private final Login login =
            new Login(this::verify, new InMemoryClientRegistrationRepository(registration), session, this::refresh);

    @BeforeEach
    void aRequestWithASession() {
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request, new MockHttpServletResponse()));
    }

    @AfterEach
    void theRequestIsOver() {
        RequestContextHolder.resetRequestAttributes();
    }

    @Test
    void aFreshTokenIsUsedAsItIs() {
        loggedIn(Duration.ofMinutes(5));
        assertThat(login.token(alice).getTokenValue()).isEqualTo("access-0");
        assertThat(presented).isEmpty();
    }

    @Test
    void aTokenAboutToExpireIsRefreshedOnceAndItsSuccessorKept() {
        loggedIn(Duration.ofSeconds(20));
        assertThat(login.token(alice).getTokenValue()).isEqualTo("access-1");
        assertThat(login.token(alice).getTokenValue()).isEqualTo("access-1");
        assertThat(presented).containsExactly("refresh-0");
    }

    @Test
    void aRevokedTokenIsReplacedWhileTheLoginLives() {
        loggedIn(Duration.ofMinutes(5));
        revoked.add("access-0");
        assertThat(login.token(alice).getTokenValue()).isEqualTo("access-1");
        revoked.add("access-1");
        assertThat(login.token(alice).getTokenValue()).isEqualTo("access-2");
        assertThat(presented).containsExactly("refresh-0", "refresh-1");
    }

    @Test
    void theLoginHasEndedWhenTheRefreshTokenIsRefused() {
        loggedIn(Duration.ofMinutes(5));
        revoked.add("access-0");
        tokenEndpointSays = "invalid_grant";
        assertThatThrownBy(() -> login.token(alice)).isInstanceOf(Login.Ended.class);
    }

    @Test
    void theLoginHasEndedWhenTheSuccessorIsRefusedToo() {
        loggedIn(Duration.ofMinutes(5));
        revoked.addAll(List.of("access-0", "access-1"));
        assertThatThrownBy(() -> login.token(alice)).isInstanceOf(Login.Ended.class);
    }

    @Test
    void theLoginHasEndedWhenTheSessionHoldsNoTokens() {
        assertThatThrownBy(() -> login.token(alice)).isInstanceOf(Login.Ended.class);
    }

    @Test
    void anIssuerThatIsAwayEndsNoLogin() {
        loggedIn(Duration.ofSeconds(20));
        tokenEndpointSays = "temporarily_unavailable";
        assertThatThrownBy(() -> login.token(alice)).isInstanceOf(ClientAuthorizationException.class);
        tokenEndpointSays = "";
        assertThat(login.token(alice).getTokenValue()).isEqualTo("access-1");
    }

    private void loggedIn(Duration left) {
        Instant now = Instant.now();
        var access = new OAuth2AccessToken(
                TokenType.BEARER, "access-0", now.plus(left).minus(Duration.ofMinutes(5)), now.plus(left));
        var client =
                new OAuth2AuthorizedClient(registration, "alice", access, new OAuth2RefreshToken("refresh-0", now));
        session.saveAuthorizedClient(client, alice, request, new MockHttpServletResponse());
    }

    private Jwt verify(String token) {
        if (revoked.contains(token)) {
            throw new BadJwtException("revoked");
        }
        return Jwt.withTokenValue(token).header("alg", "RS256").subject("alice").build();
    }

    private OAuth2AccessTokenResponse refresh(OAuth2RefreshTokenGrantRequest request) {
        if (!tokenEndpointSays.isEmpty()) {
            throw new OAuth2AuthorizationException(new OAuth2Error(tokenEndpointSays));
        }
        presented.add(request.getRefreshToken().getTokenValue());
        return OAuth2AccessTokenResponse.withToken("access-" + presented.size())
                .tokenType(TokenType.BEARER)
                .expiresIn(300)
                .refreshToken("refresh-" + presented.size())
                .build();
    }
}
