package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.login.PasswordLogin.Busy;
import dev.gatehouse.server.login.PasswordLogin.Failed;
import dev.gatehouse.server.login.PasswordLogin.Limited;
import dev.gatehouse.server.login.PasswordLogin.Succeeded;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interaction.Mark;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.ClientAddress;
import dev.gatehouse.server.web.ErrorPage;
import dev.gatehouse.server.web.PageLocales;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/** The login page. It works without JavaScript, and says the same whether a name is known or not. */
@Controller
final class LoginController {
    private static final Duration UNTIL_LESS_BUSY = Duration.ofSeconds(2);

    private final PasswordLogin passwordLogin;

    private final LoginSessions sessions;

    private final Interactions interactions;

    private final Clients clients;

    private final ClientAddress clientAddress;

    private final CsrfTokenRepository csrfTokens;

    LoginController(
            PasswordLogin passwordLogin,
            LoginSessions sessions,
            Interactions interactions,
            Clients clients,
            ClientAddress clientAddress,
            CsrfTokenRepository csrfTokens) {
        this.passwordLogin = passwordLogin;
        this.sessions = sessions;
        this.interactions = interactions;
        this.clients = clients;
        this.clientAddress = clientAddress;
        this.csrfTokens = csrfTokens;
    }

    @GetMapping("/login")
    ModelAndView login(HttpServletRequest request, HttpServletResponse response) {
        Optional<Interaction> interaction = interaction(request);
        if (interaction.isEmpty() && sessions.current(request).isPresent()) {
            return seeOther("/");
        }
        LoginPage page = page(request, response, interaction);
        boolean lost = interaction.isEmpty() && request.getParameter("interaction") != null;
        return show(HttpStatus.OK, lost ? page.with(Notice.of("login.expired")) : page);
    }

    @PostMapping("/login")
    @Nullable
    ModelAndView submit(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<LoginForm> form = LoginForm.of(request);
        if (form.isEmpty()) {
            response.sendError(HttpStatus.BAD_REQUEST.value());
            return null;
        }
        return check(request, response, form.get());
    }

    private ModelAndView check(HttpServletRequest request, HttpServletResponse response, LoginForm form) {
        Optional<Interaction> interaction = interaction(request);
        LoginPage page = page(request, response, interaction);
        if (!form.isComplete()) {
            return show(HttpStatus.BAD_REQUEST, page.with(Notice.of("login.incomplete")));
        }
        return switch (passwordLogin.attempt(form.username(), form.password(), clientAddress.of(request))) {
            case Succeeded succeeded -> {
                start(request, response, succeeded.account());
                yield goOn(request, interaction);
            }
            case Failed _ -> show(HttpStatus.UNAUTHORIZED, page.with(Notice.of("login.failed")));
            case Limited limited -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Notice.seconds(limited.retryAfter())));
                yield show(HttpStatus.TOO_MANY_REQUESTS, page.with(Notice.limited(limited.retryAfter())));
            }
            case Busy _ -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(UNTIL_LESS_BUSY.toSeconds()));
                yield show(HttpStatus.SERVICE_UNAVAILABLE, page.with(Notice.of("login.busy")));
            }
        };
    }

    @PostMapping("/login/continue")
    @Nullable
    ModelAndView goOnAsCurrent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Interaction> interaction = interaction(request);
        boolean mayGoOn = sessions.current(request).isPresent()
                && interaction.isPresent()
                && !interaction.get().reauthenticate();
        if (!mayGoOn) {
            ErrorPage.send(request, response, HttpStatus.BAD_REQUEST.value(), "error.interaction");
            return null;
        }
        return goOn(request, interaction);
    }

    /** When another person was logged in here, forms that were made for them are void from now on. */
    private void start(HttpServletRequest request, HttpServletResponse response, Account account) {
        Optional<LoginSession> before = sessions.current(request);
        sessions.start(request, account.id(), account.username(), List.of("pwd"));
        if (before.isPresent() && !before.get().accountId().equals(account.id())) {
            csrfTokens.saveToken(null, request, response);
        }
    }

    private ModelAndView goOn(HttpServletRequest request, Optional<Interaction> interaction) {
        if (interaction.isEmpty()) {
            return seeOther("/");
        }
        String id = interaction.get().id();
        interactions.mark(request, id, Mark.ACCOUNT_SELECTED);
        return seeOther("/oauth2/authorize?interaction=" + id);
    }

    private Optional<Interaction> interaction(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter("interaction")).flatMap(id -> interactions.find(request, id));
    }

    private LoginPage page(HttpServletRequest request, HttpServletResponse response, Optional<Interaction> waiting) {
        if (waiting.isEmpty()) {
            return new LoginPage(null, null, "", false, null, null);
        }
        Interaction interaction = waiting.get();
        SecurityHeaders.allowFormsToEndAtClient(response);
        PageLocales.prefer(request, first(interaction, "ui_locales"));
        Optional<LoginSession> current = sessions.current(request);
        String client = clients.find(interaction.clientId()).map(Client::name).orElse(null);
        String name = current.map(LoginSession::username).orElse("");
        boolean again = interaction.reauthenticate() && current.isPresent();
        return new LoginPage(
                interaction.id(),
                client,
                again && interaction.loginHint().isEmpty() ? name : interaction.loginHint(),
                again,
                again || current.isEmpty() ? null : name,
                null);
    }

    private static @Nullable String first(Interaction interaction, String parameter) {
        List<String> values = interaction.parameters().getOrDefault(parameter, List.of());
        return values.isEmpty() ? null : values.getFirst();
    }

    private static ModelAndView show(HttpStatus status, LoginPage page) {
        ModelAndView view = new ModelAndView("login", status);
        view.addObject("page", page);
        return view;
    }

    private static ModelAndView seeOther(String path) {
        RedirectView redirect = new RedirectView(path, true);
        redirect.setStatusCode(HttpStatus.SEE_OTHER);
        return new ModelAndView(redirect);
    }
}
