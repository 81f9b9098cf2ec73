package dev.gatehouse.server.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The interactions of a browser, kept in its session; at most eight at a time, the oldest gives way.
 *
 * <p>The authorization endpoint saves one and sends the browser to {@code /login?interaction=ID} or
 * {@code /consent?interaction=ID}; these pages send it back to {@code /oauth2/authorize?interaction=ID}.
 */
public interface Interactions {
    /** Keeps the interaction; its id must be new. */
    void begin(HttpServletRequest request, Interaction interaction);

    Optional<Interaction> find(HttpServletRequest request, String id);

    /** Notes what the person did. An interaction that is not there stays away. */
    void mark(HttpServletRequest request, String id, Interaction.Mark mark);

    /**
     * Removes the interaction and returns it, when an earlier request left it there. Of several requests at once exactly
     * one gets it.
     */
    Optional<Interaction> finish(HttpServletRequest request, String id);
}
