package dev.gatehouse.server.login;

import dev.gatehouse.server.login.PasswordLogin.Busy;
import dev.gatehouse.server.login.PasswordLogin.Failed;
import dev.gatehouse.server.login.PasswordLogin.Limited;
import dev.gatehouse.server.login.PasswordLogin.Succeeded;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.ClientAddress;
import dev.gatehouse.server.web.ErrorPage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** The login page. It works without JavaScript, and says the same whether a name is known or not. */
@Controller
final class LoginController {
    /** What the page may be asked to say, and by which message. */
    private static final Map<String, String> GOOD_NEWS = Map.of(
            "registered", "login.registered",
            "recovered", "login.recovered",
            "closed", "login.closed");

    private final PasswordLogin passwordLogin;

    private final KnownDevices knownDevices;

    private final RefusalPages refusals;

    private final LoginCompletion completion;

    private final SecondStep secondStep;

    private final FreshProof freshProof;

    private final LoginSessions sessions;

    private final RememberedLogins remembered;

    private final LoginView view;

    private final ClientAddress clientAddress;

    LoginController(
            PasswordLogin passwordLogin,
            KnownDevices knownDevices,
            RefusalPages refusals,
            LoginCompletion completion,
            SecondStep secondStep,
            FreshProof freshProof,
            LoginSessions sessions,
            RememberedLogins remembered,
            LoginView view,
            ClientAddress clientAddress) {
        this.passwordLogin = passwordLogin;
        this.knownDevices = knownDevices;
        this.refusals = refusals;
        this.completion = completion;
        this.secondStep = secondStep;
        this.freshProof = freshProof;
        this.sessions = sessions;
        this.remembered = remembered;
        this.view = view;
        this.clientAddress = clientAddress;
    }

    @GetMapping("/login")
    ModelAndView login(HttpServletRequest request, HttpServletResponse response) {
        LoginDestination destination = view.destination(request);
        Optional<LoginSession> current = sessions.current(request);
        if (destination.interaction() == null && mayGoOn(current, request, response, destination)) {
            return completion.goOn(request, destination);
        }
        LoginPage page = view.page(request, response, destination);
        boolean lost = (destination.interaction() == null && request.getParameter("interaction") != null)
                || request.getParameter("expired") != null;
        return view.show(request, response, HttpStatus.OK, lost ? page.with(Notice.of("login.expired")) : page)
                .addObject(
                        "good", GOOD_NEWS.get(Fields.single(request, "notice").orElse("")));
    }

    /**
     * Account pages send the browser here also when the last proof is too old for them. Whether it is, the page itself says once more of
     * a login that was only now carried on.
     */
    private boolean mayGoOn(
            Optional<LoginSession> current,
            HttpServletRequest request,
            HttpServletResponse response,
            LoginDestination destination) {
        return current.isPresent()
                ? destination.path() == null || freshProof.isFresh(current.get())
                : remembered.resumeIfPossible(request, response).isPresent();
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
        LoginDestination destination = view.destination(request);
        LoginPage page = view.page(request, response, destination);
        if (!form.isComplete()) {
            return view.show(request, response, HttpStatus.BAD_REQUEST, page.with(Notice.of("login.incomplete")));
        }
        String device = knownDevices.find(request, form.username()).orElse(null);
        return switch (passwordLogin.attempt(form.username(), form.password(), clientAddress.of(request), device)) {
            case Succeeded succeeded ->
                secondStep.after(request, response, succeeded.account(), List.of("pwd"), destination);
            case Failed _ ->
                view.show(request, response, HttpStatus.UNAUTHORIZED, page.with(Notice.of("login.failed")));
            case Limited limited ->
                refuse(request, response, Refusal.limited(limited.retryAfter()), limited.flood(), page, destination);
            case Busy busy -> refuse(request, response, Refusal.BUSY, busy.flood(), page, destination);
        };
    }

    private ModelAndView refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            Refusal refusal,
            boolean flood,
            LoginPage page,
            LoginDestination destination) {
        refusal.writeRetryAfter(response);
        return flood
                ? refusals.page(refusal, destination)
                : view.show(request, response, refusal.status(), page.with(refusal.notice()));
    }

    @PostMapping("/login/continue")
    @Nullable
    ModelAndView goOnAsCurrent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        LoginDestination destination = view.destination(request);
        Interaction interaction = destination.interaction();
        boolean mayGoOn = sessions.current(request).isPresent() && interaction != null && !interaction.reauthenticate();
        if (!mayGoOn) {
            ErrorPage.send(request, response, HttpStatus.BAD_REQUEST.value(), "error.interaction");
            return null;
        }
        return completion.goOn(request, destination);
    }
}
