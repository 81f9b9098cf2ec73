package dev.gatehouse.server.protocol;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/** The store that the engine wants to be given. It must never be used: codes and tokens have stores of their own. */
final class NoEngineAuthorizations implements OAuth2AuthorizationService {
    @Override
    public void save(OAuth2Authorization authorization) {
        throw refusal();
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        throw refusal();
    }

    @Override
    public OAuth2Authorization findById(String id) {
        throw refusal();
    }

    @Override
    public OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
        throw refusal();
    }

    private static IllegalStateException refusal() {
        return new IllegalStateException("the engine stores nothing");
    }
}
