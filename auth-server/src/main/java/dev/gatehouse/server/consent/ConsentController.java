package dev.gatehouse.server.consent;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interaction.Mark;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.ErrorPage;
import dev.gatehouse.server.web.PageLocales;
import dev.gatehouse.server.web.PersonView;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.servlet.view.RedirectView;

/** The page that asks the person what the client may do. */
@Controller
final class ConsentController {
    private final Consents consents;

    private final Interactions interactions;

    private final LoginSessions sessions;

    private final Clients clients;

    private final Accounts accounts;

    private final ScopeLines scopeLines;

    private final AuditLog auditLog;

    ConsentController(
            Consents consents,
            Interactions interactions,
            LoginSessions sessions,
            Clients clients,
            Accounts accounts,
            ScopeLines scopeLines,
            AuditLog auditLog) {
        this.consents = consents;
        this.interactions = interactions;
        this.sessions = sessions;
        this.clients = clients;
        this.accounts = accounts;
        this.scopeLines = scopeLines;
        this.auditLog = auditLog;
    }

    @GetMapping("/consent")
    @Nullable
    ModelAndView ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Question question = question(request);
        if (question == null) {
            ErrorPage.send(request, response, HttpStatus.BAD_REQUEST.value(), "error.interaction");
            return null;
        }
        Interaction interaction = question.interaction();
        SecurityHeaders.allowFormsToEndAtClient(response);
        PageLocales.prefer(
                request,
                interaction.parameters().getOrDefault("ui_locales", List.of()).stream()
                        .findFirst()
                        .orElse(null));
        String username = question.session().username();
        String name = accounts.findById(question.session().accountId())
                .map(Account::displayName)
                .orElse(username);
        return new ModelAndView("consent")
                .addObject("interaction", interaction.id())
                .addObject("client", question.client().name())
                .addObject("person", new PersonView(name, username))
                .addObject("scopes", scopeLines.of(interaction.scopes(), RequestContextUtils.getLocale(request)));
    }

    @PostMapping("/consent")
    @Nullable
    ModelAndView answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Question question = question(request);
        if (question == null) {
            ErrorPage.send(request, response, HttpStatus.BAD_REQUEST.value(), "error.interaction");
            return null;
        }
        String[] decisions = request.getParameterValues("decision");
        String decision = decisions == null || decisions.length != 1 ? "" : decisions[0];
        switch (decision) {
            case "allow" -> allow(request, question);
            case "deny" -> deny(request, question);
            default -> {
                response.sendError(HttpStatus.BAD_REQUEST.value());
                return null;
            }
        }
        RedirectView redirect = new RedirectView(
                "/oauth2/authorize?interaction=" + question.interaction().id(), true);
        redirect.setStatusCode(HttpStatus.SEE_OTHER);
        return new ModelAndView(redirect);
    }

    private void allow(HttpServletRequest request, Question question) {
        Interaction interaction = question.interaction();
        consents.grant(question.session().accountId(), interaction.clientId(), interaction.scopes());
        interactions.mark(request, interaction.id(), Mark.CONSENT_ALLOWED);
        record(question, SecurityEvent.SUCCESS);
    }

    private void deny(HttpServletRequest request, Question question) {
        interactions.mark(request, question.interaction().id(), Mark.CONSENT_DENIED);
        record(question, "denied");
    }

    private void record(Question question, String outcome) {
        auditLog.record(SecurityEvent.of("consent", outcome)
                .with("sub", question.session().accountId())
                .with("sid", question.session().sid())
                .with("client_id", question.client().id())
                .with("scope", question.interaction().scopes().toString()));
    }

    /** What is asked, of whom, for whom: all three must be there, and in this browser. */
    private @Nullable Question question(HttpServletRequest request) {
        String[] ids = request.getParameterValues("interaction");
        Optional<LoginSession> session = sessions.current(request);
        if (ids == null || ids.length != 1 || session.isEmpty()) {
            return null;
        }
        Optional<Interaction> interaction = interactions.find(request, ids[0]);
        Optional<Client> client = interaction.flatMap(waiting -> clients.find(waiting.clientId()));
        return client.isEmpty() ? null : new Question(interaction.get(), session.get(), client.get());
    }

    private record Question(Interaction interaction, LoginSession session, Client client) {}
}
