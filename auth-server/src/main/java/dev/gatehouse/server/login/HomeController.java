package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.PersonView;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page of somebody who is logged in and came from nowhere. */
@Controller
final class HomeController {
    private final LoginSessions sessions;

    private final Accounts accounts;

    HomeController(LoginSessions sessions, Accounts accounts) {
        this.sessions = sessions;
        this.accounts = accounts;
    }

    @GetMapping("/")
    ModelAndView home(HttpServletRequest request) {
        Optional<LoginSession> session = sessions.current(request);
        if (session.isEmpty()) {
            return new ModelAndView("redirect:/login");
        }
        String username = session.get().username();
        String name = accounts.findById(session.get().accountId())
                .map(Account::displayName)
                .orElse(username);
        return new ModelAndView("home", "person", new PersonView(name, username));
    }
}
