package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.PersonView;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/** What every account page needs: who is logged in, and the model that its frame shows. */
@Component
final class AccountView {
    private final LoginSessions sessions;

    private final Accounts accounts;

    AccountView(LoginSessions sessions, Accounts accounts) {
        this.sessions = sessions;
        this.accounts = accounts;
    }

    /** The login of this request; the chain has let nobody else in. */
    LoginSession login(HttpServletRequest request) {
        return sessions.current(request).orElseThrow(() -> new AccessDeniedException("not logged in"));
    }

    /** The account of this request's person; one that was closed or disabled meanwhile is let in no more. */
    Account account(HttpServletRequest request) {
        return accounts.findById(login(request).accountId())
                .filter(Account::enabled)
                .orElseThrow(() -> new AccessDeniedException("the account is closed or disabled"));
    }

    /**
     * A page in the frame.
     *
     * @param section the entry of the navigation that it belongs to: overview, security, devices, applications or activity; the
     *     template has the same name under {@code account/} unless it is given
     */
    ModelAndView page(HttpServletRequest request, String section) {
        return page(request, section, section);
    }

    ModelAndView page(HttpServletRequest request, String section, String template) {
        Account account = account(request);
        return new ModelAndView("account/" + template)
                .addObject("section", section)
                .addObject("account", account)
                .addObject("person", new PersonView(account.displayName(), account.username()));
    }

    /** After a form: the page is got anew, so that a reload does not send the form again. */
    static ModelAndView seeOther(String path) {
        RedirectView redirect = new RedirectView(path, true);
        redirect.setStatusCode(HttpStatus.SEE_OTHER);
        return new ModelAndView(redirect);
    }
}
