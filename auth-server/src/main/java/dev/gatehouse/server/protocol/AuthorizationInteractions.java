package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.ratelimit.Limit;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.token.RandomIds;
import dev.gatehouse.server.web.ClientAddress;
import dev.gatehouse.server.web.IpAddresses;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Authorization requests that wait for the person, while the browser is at the login page or the consent page. */
@Component
final class AuthorizationInteractions {
    private static final Limit NEW_ON_STANDBY = new Limit("standby-sessions", 60, 60, Duration.ofMinutes(1));

    private static final Limit ALL_ON_STANDBY = new Limit("standby-sessions-all", 500, 3000, Duration.ofMinutes(1));

    private final Interactions interactions;

    private final Standby standby;

    private final RateLimiter rateLimiter;

    private final ClientAddress clientAddress;

    private final InstantSource clock;

    private final RandomIds ids;

    AuthorizationInteractions(
            Interactions interactions,
            Standby standby,
            RateLimiter rateLimiter,
            ClientAddress clientAddress,
            InstantSource clock,
            SecureRandom random) {
        this.interactions = interactions;
        this.standby = standby;
        this.rateLimiter = rateLimiter;
        this.clientAddress = clientAddress;
        this.clock = clock;
        this.ids = new RandomIds(random);
    }

    Optional<Interaction> find(HttpServletRequest http, String id) {
        return interactions.find(http, id);
    }

    /** Only one of several requests at once may go on with it. */
    boolean finish(HttpServletRequest http, Interaction interaction) {
        return interactions.finish(http, interaction.id()).isPresent();
    }

    /**
     * The one that waits already, or a new one when none does or the login must now be a fresh one.
     *
     * @throws OAuthException when too many browsers come while Redis is away: a flood must not fill the database
     */
    Interaction waitFor(
            HttpServletRequest http,
            RequestParameters parameters,
            AuthorizationRequest asked,
            @Nullable Interaction waited,
            boolean again) {
        if (waited != null && (waited.reauthenticate() || !again)) {
            return waited;
        }
        if (standby.isNeeded() && http.getSession(false) == null) {
            admit(clientAddress.of(http));
        }
        if (waited != null) {
            interactions.finish(http, waited.id());
        }
        Interaction interaction = new Interaction(
                ids.next(),
                asked.client().id(),
                asked.scopes(),
                parameters.all(),
                clock.instant(),
                again,
                asked.loginHint(),
                Set.of());
        interactions.begin(http, interaction);
        return interaction;
    }

    private void admit(String address) {
        List<Bucket> buckets = List.of(
                new Bucket(NEW_ON_STANDBY, IpAddresses.customer(address)), new Bucket(ALL_ON_STANDBY, "everybody"));
        if (rateLimiter.acquire(buckets) instanceof RateLimiter.Limited) {
            throw new OAuthException(
                    OAuthError.TEMPORARILY_UNAVAILABLE, "too many log in at the moment: try again later");
        }
    }
}
