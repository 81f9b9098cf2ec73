package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interaction.Mark;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/** Logs a person in who has proven who they are, in this browser, and sends it on. The only way to a login session. */
@Component
final class LoginCompletion {
    private final LoginSessions sessions;

    private final Interactions interactions;

    private final KnownDevices knownDevices;

    private final RememberedLogins remembered;

    private final CsrfTokenRepository csrfTokens;

    LoginCompletion(
            LoginSessions sessions,
            Interactions interactions,
            KnownDevices knownDevices,
            RememberedLogins remembered,
            CsrfTokenRepository csrfTokens) {
        this.sessions = sessions;
        this.interactions = interactions;
        this.knownDevices = knownDevices;
        this.remembered = remembered;
        this.csrfTokens = csrfTokens;
    }

    /**
     * @param amr how the person has proven it, RFC 8176
     * @param remember whether the browser is to be remembered
     */
    ModelAndView complete(
            HttpServletRequest request,
            HttpServletResponse response,
            Account account,
            List<String> amr,
            LoginDestination destination,
            boolean remember) {
        Optional<LoginSession> before = sessions.current(request);
        LoginSession login = sessions.start(request, account.id(), account.username(), amr);
        knownDevices.remember(request, response, account);
        boolean isNew =
                before.filter(earlier -> earlier.sid().equals(login.sid())).isEmpty();
        remembered.settle(request, response, account, login, isNew, remember);
        if (before.isPresent() && !before.get().accountId().equals(account.id())) {
            // Forms that were made for the other person are void from now on.
            csrfTokens.saveToken(null, request, response);
        }
        return goOn(request, destination);
    }

    /** The same after a proof that did not come with the question whether the browser is to be remembered: that stays as it is. */
    ModelAndView complete(
            HttpServletRequest request,
            HttpServletResponse response,
            Account account,
            List<String> amr,
            LoginDestination destination) {
        return complete(request, response, account, amr, destination, remembered.isHere(request, account.id()));
    }

    /** Sends the browser on as it is. */
    ModelAndView goOn(HttpServletRequest request, LoginDestination destination) {
        Interaction interaction = destination.interaction();
        if (interaction != null) {
            interactions.mark(request, interaction.id(), Mark.ACCOUNT_SELECTED);
            return seeOther("/oauth2/authorize?interaction=" + interaction.id());
        }
        return seeOther(destination.path() == null ? "/account" : destination.path());
    }

    static ModelAndView seeOther(String path) {
        RedirectView redirect = new RedirectView(path, true);
        redirect.setStatusCode(HttpStatus.SEE_OTHER);
        return new ModelAndView(redirect);
    }
}
