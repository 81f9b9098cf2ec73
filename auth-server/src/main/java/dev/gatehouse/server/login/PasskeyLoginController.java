package dev.gatehouse.server.login;

import dev.gatehouse.server.login.PasskeyLogin.Failed;
import dev.gatehouse.server.login.PasskeyLogin.Limited;
import dev.gatehouse.server.login.PasskeyLogin.Succeeded;
import dev.gatehouse.server.passkey.Passkeys;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** Logs in by a passkey alone: the form that the login page's script sends. */
@Controller
final class PasskeyLoginController {
    private static final String PATH = "/login/passkey";

    private final Passkeys passkeys;

    private final PasskeyLogin passkeyLogin;

    private final SecondStep secondStep;

    private final LoginView view;

    private final ClientAddress clientAddress;

    PasskeyLoginController(
            Passkeys passkeys,
            PasskeyLogin passkeyLogin,
            SecondStep secondStep,
            LoginView view,
            ClientAddress clientAddress) {
        this.passkeys = passkeys;
        this.passkeyLogin = passkeyLogin;
        this.secondStep = secondStep;
        this.view = view;
        this.clientAddress = clientAddress;
    }

    /** Who reloads the page after an attempt that failed. */
    @GetMapping(PATH)
    ModelAndView startOver() {
        return LoginCompletion.seeOther("/login");
    }

    @PostMapping(PATH)
    @Nullable
    ModelAndView submit(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!passkeys.arePossible()) {
            response.sendError(HttpStatus.NOT_FOUND.value());
            return null;
        }
        LoginDestination destination = view.destination(request);
        LoginPage page = view.page(request, response, destination);
        Optional<String> credential = Fields.credential(request);
        if (credential.isEmpty()) {
            return view.show(request, response, HttpStatus.BAD_REQUEST, page.with(Notice.of("passkey.expired")));
        }
        return switch (passkeyLogin.attempt(credential.get(), ThisBrowser.secret(request), clientAddress.of(request))) {
            case Succeeded succeeded ->
                secondStep.after(request, response, succeeded.account(), succeeded.amr(), destination);
            case Failed _ ->
                view.show(request, response, HttpStatus.UNAUTHORIZED, page.with(Notice.of("passkey.failed")));
            case Limited limited -> view.limited(request, response, page, limited.retryAfter());
        };
    }
}
