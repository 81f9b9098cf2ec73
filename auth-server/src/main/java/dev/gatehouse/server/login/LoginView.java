package dev.gatehouse.server.login;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.login.LoginPage.Remember;
import dev.gatehouse.server.passkey.PasskeyOptions;
import dev.gatehouse.server.passkey.Passkeys;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.PageLocales;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;

/** The login page: what waits for the login, what the page says, and what a passkey would sign. */
@Component
final class LoginView {
    private final LoginSessions sessions;

    private final RememberedLogins remembered;

    private final Interactions interactions;

    private final Clients clients;

    private final Passkeys passkeys;

    private final PasskeyOptions passkeyOptions;

    private final AccountLetters letters;

    private final LoginProperties properties;

    LoginView(
            LoginSessions sessions,
            RememberedLogins remembered,
            Interactions interactions,
            Clients clients,
            Passkeys passkeys,
            PasskeyOptions passkeyOptions,
            AccountLetters letters,
            LoginProperties properties) {
        this.sessions = sessions;
        this.remembered = remembered;
        this.interactions = interactions;
        this.clients = clients;
        this.passkeys = passkeys;
        this.passkeyOptions = passkeyOptions;
        this.letters = letters;
        this.properties = properties;
    }

    /** Where a login on this page leads. */
    LoginDestination destination(HttpServletRequest request) {
        return LoginDestination.of(
                Optional.ofNullable(request.getParameter("interaction")).flatMap(id -> interactions.find(request, id)),
                request.getParameter("to"));
    }

    LoginPage page(HttpServletRequest request, HttpServletResponse response, LoginDestination destination) {
        Interaction interaction = destination.interaction();
        if (interaction == null) {
            Optional<LoginSession> here = sessions.current(request);
            String known = here.map(LoginSession::username).orElse("");
            return new LoginPage(
                    null, destination.path(), null, known, !known.isEmpty(), remember(request, here), null, null);
        }
        SecurityHeaders.allowFormsToEndAtClient(response);
        PageLocales.prefer(request, first(interaction, "ui_locales"));
        Optional<LoginSession> current = sessions.current(request);
        String client = clients.find(interaction.clientId()).map(Client::name).orElse(null);
        String name = current.map(LoginSession::username).orElse("");
        boolean again = interaction.reauthenticate() && current.isPresent();
        return new LoginPage(
                interaction.id(),
                null,
                client,
                again && interaction.loginHint().isEmpty() ? name : interaction.loginHint(),
                again,
                remember(request, current),
                again || current.isEmpty() ? null : name,
                null);
    }

    private Remember remember(HttpServletRequest request, Optional<LoginSession> current) {
        if (!remembered.areOffered()) {
            return Remember.HIDDEN;
        }
        boolean here = current.filter(login -> remembered.isHere(request, login.accountId()))
                .isPresent();
        return here || RememberedLogins.isAskedFor(request) ? Remember.TICKED : Remember.OFFERED;
    }

    private static @Nullable String first(Interaction interaction, String parameter) {
        List<String> values = interaction.parameters().getOrDefault(parameter, List.of());
        return values.isEmpty() ? null : values.getFirst();
    }

    ModelAndView show(HttpServletRequest request, HttpServletResponse response, HttpStatus status, LoginPage page) {
        ModelAndView view = new ModelAndView("login", status);
        view.addObject("page", page);
        view.addObject("recovery", letters.areSent());
        view.addObject("registration", letters.areSent() && properties.registration());
        if (passkeys.arePossible()) {
            SecurityHeaders.allowOwnScripts(response);
            view.addObject("passkey", passkeyOptions.forLogin(ThisBrowser.secret(request)));
        }
        return view;
    }

    ModelAndView limited(
            HttpServletRequest request, HttpServletResponse response, LoginPage page, Duration retryAfter) {
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Notice.seconds(retryAfter)));
        return show(request, response, HttpStatus.TOO_MANY_REQUESTS, page.with(Notice.limited(retryAfter)));
    }
}
