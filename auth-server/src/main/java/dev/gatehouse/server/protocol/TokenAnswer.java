package dev.gatehouse.server.protocol;

import dev.gatehouse.server.token.AccessToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** An answered token request, as the engine's filter wants to be given it. */
final class TokenAnswer extends OAuth2AccessTokenAuthenticationToken {
    /** The engine's filter takes no answer without a client in its own terms, and reads nothing of it. */
    private static final RegisteredClient UNREAD = RegisteredClient.withId("unread")
            .clientId("unread")
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .build();

    private final transient IssuedTokens tokens;

    TokenAnswer(Authentication client, IssuedTokens tokens) {
        super(UNREAD, client, engineForm(tokens.accessToken()));
        this.tokens = tokens;
    }

    private static OAuth2AccessToken engineForm(AccessToken token) {
        return new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, token.value().value(), token.issuedAt(), token.expiresAt());
    }

    /** RFC 6749 section 5.1. The engine's own writer counts the lifetime from the moment of writing: one second less. */
    Map<String, Object> members() {
        AccessToken token = tokens.accessToken();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("access_token", token.value().value());
        members.put("token_type", "Bearer");
        members.put(
                "expires_in",
                Duration.between(token.issuedAt(), token.expiresAt()).toSeconds());
        members.put("scope", token.scopes().toString());
        if (tokens.refreshToken() != null) {
            members.put("refresh_token", tokens.refreshToken().value());
        }
        if (tokens.idToken() != null) {
            members.put("id_token", tokens.idToken().value());
        }
        if (tokens.issuedTokenType() != null) {
            members.put("issued_token_type", tokens.issuedTokenType());
        }
        return members;
    }
}
