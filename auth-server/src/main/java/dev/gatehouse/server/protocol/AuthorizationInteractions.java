package dev.gatehouse.server.protocol;

import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.token.RandomIds;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Authorization requests that wait for the person, while the browser is at the login page or the consent page. */
@Component
final class AuthorizationInteractions {
    private final Interactions interactions;

    private final InstantSource clock;

    private final RandomIds ids;

    AuthorizationInteractions(Interactions interactions, InstantSource clock, SecureRandom random) {
        this.interactions = interactions;
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

    /** The one that waits already, or a new one when none does or the login must now be a fresh one. */
    Interaction waitFor(
            HttpServletRequest http,
            RequestParameters parameters,
            AuthorizationRequest asked,
            @Nullable Interaction waited,
            boolean again) {
        if (waited != null && (waited.reauthenticate() || !again)) {
            return waited;
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
}
