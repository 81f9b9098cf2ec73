package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.consent.Consents;
import dev.gatehouse.server.consent.Consents.Consent;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.SessionSummary;
import dev.gatehouse.server.standby.Standby;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The first account page: who the person is to us, and how the rest of the account stands. */
@Controller
final class OverviewController {
    private final AccountView view;

    private final SecondFactors factors;

    private final LoginSessions sessions;

    private final Consents consents;

    private final Standby standby;

    OverviewController(
            AccountView view, SecondFactors factors, LoginSessions sessions, Consents consents, Standby standby) {
        this.view = view;
        this.factors = factors;
        this.sessions = sessions;
        this.consents = consents;
        this.standby = standby;
    }

    @GetMapping("/account")
    ModelAndView overview(HttpServletRequest request) {
        Account account = view.account(request);
        ModelAndView page = view.page(request, "overview").addObject("protected", factors.isProtected(account.id()));
        // Some logins lie in Redis: while it is away nobody can say how many.
        return standby.isNeeded() ? page : counted(page, account);
    }

    private ModelAndView counted(ModelAndView page, Account account) {
        List<SessionSummary> logins = sessions.of(account.id());
        return page.addObject(
                        "logins", logins.stream().filter(SessionSummary::alive).count())
                .addObject("applications", applications(account, logins));
    }

    /** Those that the person agreed to, and those that they are signed in to without being asked. */
    private long applications(Account account, List<SessionSummary> logins) {
        return Stream.concat(
                        consents.of(account.id()).stream().map(Consent::clientId),
                        logins.stream().flatMap(login -> login.clients().stream()))
                .distinct()
                .count();
    }
}
