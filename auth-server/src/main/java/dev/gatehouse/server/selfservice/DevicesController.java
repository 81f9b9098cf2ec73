package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.login.Fields;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.SessionSummary;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** Where the person is logged in, and the end of it. */
@Controller
final class DevicesController {
    private static final String REASON = "person";

    private final AccountView view;

    private final LoginSessions sessions;

    private final SignOuts signOuts;

    private final Clients clients;

    DevicesController(AccountView view, LoginSessions sessions, SignOuts signOuts, Clients clients) {
        this.view = view;
        this.sessions = sessions;
        this.signOuts = signOuts;
        this.clients = clients;
    }

    /** A login as the page shows it. */
    record Line(SessionSummary session, boolean current, List<String> applications) {}

    @GetMapping("/account/devices")
    ModelAndView list(HttpServletRequest request) {
        LoginSession login = view.login(request);
        List<Line> lines = sessions.of(login.accountId()).stream()
                .map(session -> new Line(session, session.sid().equals(login.sid()), names(session)))
                .toList();
        return view.page(request, "devices").addObject("lines", lines);
    }

    private List<String> names(SessionSummary session) {
        return session.clients().stream()
                .map(id -> clients.find(id).map(Client::name).orElse(id))
                .sorted()
                .toList();
    }

    @PostMapping("/account/devices")
    ModelAndView end(HttpServletRequest request) {
        LoginSession login = view.login(request);
        String sid = Fields.single(request, "sid").orElse("");
        switch (sid) {
            case "others" -> signOuts.everywhere(login.accountId(), login.sid(), REASON);
            case "all" -> signOuts.everywhere(login.accountId(), null, REASON);
            default -> signOuts.session(login.accountId(), sid, REASON);
        }
        return AccountView.seeOther("/account/devices");
    }
}
