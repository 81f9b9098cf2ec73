package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.consent.Consents;
import dev.gatehouse.server.consent.Consents.Consent;
import dev.gatehouse.server.consent.ScopeLine;
import dev.gatehouse.server.consent.ScopeLines;
import dev.gatehouse.server.login.Fields;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** What the person lets applications do, and the end of it. */
@Controller
final class ApplicationsController {
    private final AccountView view;

    private final LoginSessions sessions;

    private final Consents consents;

    private final ScopeLines scopeLines;

    private final Clients clients;

    private final SignOuts signOuts;

    private final AuditLog auditLog;

    ApplicationsController(
            AccountView view,
            LoginSessions sessions,
            Consents consents,
            ScopeLines scopeLines,
            Clients clients,
            SignOuts signOuts,
            AuditLog auditLog) {
        this.view = view;
        this.sessions = sessions;
        this.consents = consents;
        this.scopeLines = scopeLines;
        this.clients = clients;
        this.signOuts = signOuts;
        this.auditLog = auditLog;
    }

    /**
     * An application as the page shows it.
     *
     * @param since when the person agreed; absent for one that is not asked about
     */
    record Line(
            String clientId,
            String name,
            List<ScopeLine> scopes,
            @Nullable Instant since,
            boolean signedIn) {}

    @GetMapping("/account/applications")
    ModelAndView list(HttpServletRequest request) {
        String accountId = view.login(request).accountId();
        Locale language = RequestContextUtils.getLocale(request);
        Map<String, Line> lines = new LinkedHashMap<>();
        List<String> signedIn = sessions.of(accountId).stream()
                .flatMap(session -> session.clients().stream())
                .distinct()
                .toList();
        for (Consent consent : consents.of(accountId)) {
            String id = consent.clientId();
            lines.put(
                    id,
                    new Line(
                            id,
                            name(id),
                            scopeLines.of(consent.scopes(), language),
                            consent.grantedAt(),
                            signedIn.contains(id)));
        }
        signedIn.forEach(id -> lines.putIfAbsent(id, new Line(id, name(id), List.of(), null, true)));
        return view.page(request, "applications").addObject("lines", new ArrayList<>(lines.values()));
    }

    private String name(String clientId) {
        return clients.find(clientId).map(Client::name).orElse(clientId);
    }

    /** The client has to ask again, and what it holds ends now. */
    @PostMapping("/account/applications")
    ModelAndView withdraw(HttpServletRequest request) {
        LoginSession login = view.login(request);
        String clientId = Fields.single(request, "client").orElse("");
        consents.withdraw(login.accountId(), clientId);
        signOuts.client(login.accountId(), clientId, "consent-withdrawn");
        auditLog.record(SecurityEvent.of("consent.withdrawn", SecurityEvent.SUCCESS)
                .with("sub", login.accountId())
                .with("client_id", clients.find(clientId).map(Client::id).orElse(null)));
        return AccountView.seeOther("/account/applications");
    }
}
