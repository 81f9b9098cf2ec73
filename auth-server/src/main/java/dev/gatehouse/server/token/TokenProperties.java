package dev.gatehouse.server.token;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long codes and tokens live.
 *
 * @param accessTokenLifetime from 30 s to 1 h
 * @param authorizationCodeLifetime from 10 s to 10 min, RFC 6749 section 4.1.2
 * @param refreshTokenIdleLifetime a family that is not used for this long ends; at least 1 min
 * @param refreshTokenAbsoluteLifetime a family ends after this, however much it is used; at most 366 d
 * @param refreshTokenGrace how long an honest retry with the predecessor gets the same successor again; at most 60 s
 * @param refreshTokenReuseEnds what ends, besides the family, when a token comes back that was used before
 */
@ConfigurationProperties("gatehouse.token")
public record TokenProperties(
        @DefaultValue("5m") Duration accessTokenLifetime,
        @DefaultValue("60s") Duration authorizationCodeLifetime,
        @DefaultValue("14d") Duration refreshTokenIdleLifetime,
        @DefaultValue("90d") Duration refreshTokenAbsoluteLifetime,
        @DefaultValue("10s") Duration refreshTokenGrace,
        @DefaultValue("every-login") ReuseEnds refreshTokenReuseEnds) {
    public static final Duration ID_TOKEN_LIFETIME = Duration.ofMinutes(5);

    public TokenProperties {
        within("access-token-lifetime", accessTokenLifetime, Duration.ofSeconds(30), Duration.ofHours(1));
        within(
                "authorization-code-lifetime",
                authorizationCodeLifetime,
                Duration.ofSeconds(10),
                Duration.ofMinutes(10));
        within(
                "refresh-token-absolute-lifetime",
                refreshTokenAbsoluteLifetime,
                Duration.ofMinutes(1),
                Duration.ofDays(366));
        within(
                "refresh-token-idle-lifetime",
                refreshTokenIdleLifetime,
                Duration.ofMinutes(1),
                refreshTokenAbsoluteLifetime);
        within("refresh-token-grace", refreshTokenGrace, Duration.ZERO, Duration.ofSeconds(60));
    }

    /** How far the end reaches. */
    public enum ReuseEnds {
        /** The family and its access tokens. */
        FAMILY,

        /** Every login of the person, and all that clients hold in them. */
        EVERY_LOGIN
    }

    /** The longest that a JWT of ours can live: an access token or an ID token. */
    Duration longestSigned() {
        return accessTokenLifetime.compareTo(ID_TOKEN_LIFETIME) > 0 ? accessTokenLifetime : ID_TOKEN_LIFETIME;
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("gatehouse.token.%s must be from %s to %s".formatted(name, least, most));
        }
    }
}
