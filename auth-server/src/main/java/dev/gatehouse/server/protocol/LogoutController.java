package dev.gatehouse.server.protocol;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.login.RememberedLogins;
import dev.gatehouse.server.revocation.Revocations;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.ClientAddress;
import dev.gatehouse.server.web.ErrorPage;
import dev.gatehouse.server.web.PageLocales;
import dev.gatehouse.server.web.PersonView;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * The end session endpoint, OpenID Connect RP-Initiated Logout 1.0. An ID token of the very login that is to end is enough;
 * without it the person is asked, so that no link and no foreign form can log anybody out.
 */
@Controller
final class LogoutController {
    static final String PATH = "/connect/logout";

    /** A field of the page that asks the person; the security chain guards forms that have it. */
    private static final String CONFIRMED = "confirmed";

    private final LogoutRequests requests;

    private final LoginSessions logins;

    private final RememberedLogins remembered;

    private final Revocations revocations;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    LogoutController(
            LogoutRequests requests,
            LoginSessions logins,
            RememberedLogins remembered,
            Revocations revocations,
            ClientAddress clientAddress,
            AuditLog auditLog) {
        this.requests = requests;
        this.logins = logins;
        this.remembered = remembered;
        this.revocations = revocations;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    static boolean isConfirmed(HttpServletRequest request) {
        return request.getParameter(CONFIRMED) != null;
    }

    @GetMapping(PATH)
    @Nullable
    ModelAndView get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        return answer(request, response, false);
    }

    @PostMapping(PATH)
    @Nullable
    ModelAndView post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean confirmed = isConfirmed(request);
        return !confirmed && PostFromElsewhere.repeatAsGet(request, response)
                ? null
                : answer(request, response, confirmed);
    }

    private @Nullable ModelAndView answer(HttpServletRequest http, HttpServletResponse response, boolean confirmed)
            throws IOException {
        RequestParameters parameters = RequestParameters.of(http);
        PageLocales.prefer(http, parameters.single("ui_locales"));
        Optional<LogoutRequest> read = requests.read(parameters);
        if (read.isEmpty()) {
            ErrorPage.send(http, response, HttpStatus.BAD_REQUEST.value(), "error.logout");
            return null;
        }
        LogoutRequest asked = read.get();
        LoginSession login =
                logins.current(http).or(() -> remembered.resume(http, response)).orElse(null);
        String hinted = asked.hint() == null ? null : asked.hint().sid();
        if (login != null && !confirmed && !login.sid().equals(hinted)) {
            return question(response, asked, login);
        }
        String sid = login == null ? hinted : login.sid();
        if (sid != null && (login != null || logins.canEnd(sid))) {
            String hintedSubject = asked.hint() == null ? null : asked.hint().subject();
            end(http, response, asked, sid, login == null ? hintedSubject : login.accountId());
        }
        return leave(response, asked);
    }

    private static ModelAndView question(HttpServletResponse response, LogoutRequest asked, LoginSession login) {
        SecurityHeaders.allowFormsToEndAtClient(response);
        return new ModelAndView("logout")
                .addObject("person", new PersonView(login.username(), login.username()))
                .addObject("parameters", asked.parameters());
    }

    /** The rule comes first: everything else follows from it, on every issuer, also after a crash. */
    private void end(
            HttpServletRequest http,
            HttpServletResponse response,
            LogoutRequest asked,
            String sid,
            @Nullable String subject) {
        revocations.revokeSession(sid);
        logins.end(sid);
        remembered.forget(http, response);
        HttpSession browser = http.getSession(false);
        if (browser != null) {
            browser.invalidate();
        }
        auditLog.record(SecurityEvent.of("logout", SecurityEvent.SUCCESS)
                .with("sub", subject)
                .with("sid", sid)
                .with("address", clientAddress.of(http))
                .with("client_id", asked.clientId()));
    }

    private static @Nullable ModelAndView leave(HttpServletResponse response, LogoutRequest asked) {
        String target = asked.target();
        if (target == null) {
            return new ModelAndView("logged-out");
        }
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader("Location", target);
        return null;
    }
}
