package dev.gatehouse.server.session;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.session.Interaction.Mark;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Interactions in the browser's session, one attribute each, so that tabs do not overwrite each other's. */
final class BrowserInteractions implements Interactions {
    private static final String PREFIX = "interaction:";

    private static final int MOST = 8;

    /** Longer than any honest request; what a browser can make us keep is eight of them. */
    private static final int LONGEST_REQUEST = 16 * 1024;

    private final BrowserSessions sessions;

    BrowserInteractions(BrowserSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void begin(HttpServletRequest request, Interaction interaction) {
        if (size(interaction) > LONGEST_REQUEST) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "the authorization request is too long");
        }
        HttpSession browser = request.getSession();
        List<Interaction> held = all(browser).stream()
                .sorted(Comparator.comparing(Interaction::begunAt))
                .toList();
        held.stream()
                .limit(Math.max(0, held.size() - MOST + 1))
                .forEach(old -> browser.removeAttribute(PREFIX + old.id()));
        browser.setAttribute(PREFIX + interaction.id(), interaction);
    }

    private static int size(Interaction interaction) {
        return interaction.parameters().entrySet().stream()
                .mapToInt(parameter -> parameter.getKey().length()
                        + parameter.getValue().stream()
                                .mapToInt(value -> value.length() + 1)
                                .sum())
                .sum();
    }

    @Override
    public Optional<Interaction> find(HttpServletRequest request, String id) {
        HttpSession browser = request.getSession(false);
        return browser == null ? Optional.empty() : find(browser, id);
    }

    private static Optional<Interaction> find(HttpSession browser, String id) {
        return browser.getAttribute(PREFIX + id) instanceof Interaction interaction
                ? Optional.of(interaction)
                : Optional.empty();
    }

    @Override
    public void mark(HttpServletRequest request, String id, Mark mark) {
        find(request, id).ifPresent(interaction -> {
            Set<Mark> marks = EnumSet.of(mark);
            marks.addAll(interaction.marks());
            request.getSession().setAttribute(PREFIX + id, with(interaction, marks));
        });
    }

    @Override
    public Optional<Interaction> finish(HttpServletRequest request, String id) {
        Optional<Interaction> interaction = find(request, id);
        if (interaction.isEmpty()) {
            return interaction;
        }
        HttpSession browser = request.getSession();
        browser.removeAttribute(PREFIX + id);
        return sessions.take(browser.getId(), PREFIX + id) ? interaction : Optional.empty();
    }

    /** What one person agreed to does not speak for the next one who logs in on the same browser. */
    void forgetConsents(HttpSession browser) {
        for (Interaction interaction : all(browser)) {
            Set<Mark> marks = EnumSet.noneOf(Mark.class);
            marks.addAll(interaction.marks());
            if (marks.removeAll(Set.of(Mark.CONSENT_ALLOWED, Mark.CONSENT_DENIED))) {
                browser.setAttribute(PREFIX + interaction.id(), with(interaction, marks));
            }
        }
    }

    private static List<Interaction> all(HttpSession browser) {
        return Collections.list(browser.getAttributeNames()).stream()
                .filter(name -> name.startsWith(PREFIX))
                .map(browser::getAttribute)
                .filter(Interaction.class::isInstance)
                .map(Interaction.class::cast)
                .toList();
    }

    private static Interaction with(Interaction i, Set<Mark> marks) {
        return new Interaction(
                i.id(),
                i.clientId(),
                i.scopes(),
                i.parameters(),
                i.begunAt(),
                i.reauthenticate(),
                i.loginHint(),
                Set.copyOf(marks));
    }
}
