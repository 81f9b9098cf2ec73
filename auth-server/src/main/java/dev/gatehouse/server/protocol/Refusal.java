package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/** A refusal in the form in which the engine's filters pass it to {@link RefusalWriter}. */
final class Refusal extends OAuth2AuthenticationException {
    private static final Duration STORE_RETRY = Duration.ofSeconds(1);

    private final HttpStatus status;

    private final @Nullable Duration retryAfter;

    private final @Nullable String auditReason;

    private Refusal(
            OAuthError error,
            String description,
            HttpStatus status,
            @Nullable Duration retryAfter,
            @Nullable String auditReason) {
        super(new OAuth2Error(error.code(), description, null));
        this.status = status;
        this.retryAfter = retryAfter;
        this.auditReason = auditReason;
    }

    /** Does the work; what it refuses, or what a store that is away prevents, is thrown as a refusal. */
    static <T> T orResult(Supplier<T> work) {
        try {
            return work.get();
        } catch (OAuthException e) {
            throw of(e);
        } catch (DataAccessException | RedisException e) {
            throw new Refusal(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    "the server cannot reach its stores right now",
                    HttpStatus.SERVICE_UNAVAILABLE,
                    STORE_RETRY,
                    e.getClass().getSimpleName());
        }
    }

    static Refusal tooMany(Duration retryAfter, String limit) {
        return new Refusal(
                OAuthError.TEMPORARILY_UNAVAILABLE,
                "too many requests",
                HttpStatus.TOO_MANY_REQUESTS,
                retryAfter,
                "limit " + limit);
    }

    private static Refusal of(OAuthException e) {
        HttpStatus status = e.error() == OAuthError.INVALID_CLIENT ? HttpStatus.UNAUTHORIZED : HttpStatus.BAD_REQUEST;
        return new Refusal(e.error(), e.description(), status, null, e.auditReason());
    }

    /** The one thing that the engine refuses before it asks us. */
    static Refusal ofEngine() {
        return of(new OAuthException(OAuthError.INVALID_REQUEST, "grant_type is missing"));
    }

    HttpStatus status() {
        return status;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    @Nullable
    String auditReason() {
        return auditReason;
    }
}
