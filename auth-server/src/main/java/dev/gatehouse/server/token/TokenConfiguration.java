package dev.gatehouse.server.token;

import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.keys.SignedTokenLifetime;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.standby.StandbyTable;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Codes and tokens, on Redis and the signing keys. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {
    @Bean
    AccessTokenLifetime accessTokenLifetime(TokenProperties properties) {
        return properties::accessTokenLifetime;
    }

    @Bean
    SignedTokenLifetime signedTokenLifetime(TokenProperties properties) {
        return properties::longestSigned;
    }

    @Bean
    AccessTokens accessTokens(
            Issuer issuer,
            TokenSigner signer,
            RevocationPosition position,
            TokenProperties properties,
            InstantSource clock,
            SecureRandom random) {
        return new SignedAccessTokens(issuer, signer, position, properties, clock, random);
    }

    @Bean
    AuthorizationCodes authorizationCodes(
            StringRedisTemplate redis,
            StandbyTable table,
            Standby standby,
            SecureRandom random,
            TokenProperties properties) {
        return new StoredAuthorizationCodes(
                new RedisCodeStore(redis), new StandbyCodeStore(table), standby, random, properties);
    }

    @Bean
    RefreshTokens refreshTokens(
            StringRedisTemplate redis,
            ServerSecret serverSecret,
            SecureRandom random,
            InstantSource clock,
            TokenProperties properties) {
        return new RedisRefreshTokens(redis, new RefreshToken.Format(serverSecret), random, clock, properties);
    }
}
