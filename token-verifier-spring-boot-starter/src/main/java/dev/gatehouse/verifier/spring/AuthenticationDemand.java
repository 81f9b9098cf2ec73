package dev.gatehouse.verifier.spring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * What a token must say about how and when its person proved who they are, RFC 9470. {@link StepUp} makes one of a method; for a
 * path use {@code .access(demand.manager(clock))}.
 *
 * @param acrValues the classes of authentication that are enough; none for any
 * @param maxAge how long ago the person may have logged in at most; absent for any time
 */
public record AuthenticationDemand(
        List<String> acrValues, @Nullable Duration maxAge) {
    public AuthenticationDemand {
        acrValues = List.copyOf(acrValues);
        for (String value : acrValues) {
            if (value.isEmpty() || !value.chars().allMatch(AuthenticationDemand::isOfAWord)) {
                throw new IllegalArgumentException("an acr value is one word of visible ASCII characters");
            }
        }
        if (maxAge != null && maxAge.isNegative()) {
            throw new IllegalArgumentException("the largest age of a login must not be negative");
        }
        if (acrValues.isEmpty() && maxAge == null) {
            throw new IllegalArgumentException("a demand needs acr values or the largest age of a login");
        }
    }

    /** What can stand in a quoted string as it is. */
    private static boolean isOfAWord(int character) {
        return character > ' ' && character < 127 && character != '"' && character != '\\';
    }

    static AuthenticationDemand of(StepUp asked) {
        return new AuthenticationDemand(
                List.of(asked.acrValues()),
                asked.maxAgeSeconds() == -1 ? null : Duration.ofSeconds(asked.maxAgeSeconds()));
    }

    /** Whether the token says enough; one that speaks for no person never does. */
    public boolean isMetBy(Jwt token, Instant now) {
        return isOfClass(token) && isRecent(token, now);
    }

    private boolean isOfClass(Jwt token) {
        String reached = token.getClaimAsString("acr");
        return acrValues.isEmpty() || (reached != null && acrValues.contains(reached));
    }

    private boolean isRecent(Jwt token, Instant now) {
        Instant loggedIn = token.hasClaim("auth_time") ? token.getClaimAsInstant("auth_time") : null;
        return maxAge == null || (loggedIn != null && !loggedIn.plus(maxAge).isBefore(now));
    }

    /** Decides about the caller's token. A refusal is answered by the challenge of RFC 9470. */
    public <T> AuthorizationManager<T> manager(InstantSource clock) {
        return (authentication, ignored) -> new Decision(
                authentication.get() instanceof JwtAuthenticationToken caller
                        && isMetBy(caller.getToken(), clock.instant()),
                this);
    }

    String challenge() {
        StringBuilder challenge = new StringBuilder(
                        "Bearer error=\"insufficient_user_authentication\", error_description=\"")
                .append("the person must prove again, or better, who they are\"");
        if (!acrValues.isEmpty()) {
            challenge
                    .append(", acr_values=\"")
                    .append(String.join(" ", acrValues))
                    .append('"');
        }
        if (maxAge != null) {
            challenge.append(", max_age=\"").append(maxAge.toSeconds()).append('"');
        }
        return challenge.toString();
    }

    /** The decision, with what was asked for. */
    static final class Decision extends AuthorizationDecision {
        private static final long serialVersionUID = 1;

        private final transient AuthenticationDemand demand;

        Decision(boolean granted, AuthenticationDemand demand) {
            super(granted);
            this.demand = demand;
        }

        AuthenticationDemand demand() {
            return demand;
        }
    }
}
