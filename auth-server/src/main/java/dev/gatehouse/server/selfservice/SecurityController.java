package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.factor.Authenticators;
import dev.gatehouse.server.factor.EmailCodes;
import dev.gatehouse.server.factor.RecoveryCodes;
import dev.gatehouse.server.login.Fields;
import dev.gatehouse.server.passkey.Passkeys;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** How the person signs in, and what they can change about it. */
@Controller
final class SecurityController {
    private static final Set<String> NEWS = Set.of("password", "email");

    private final AccountView view;

    private final Passkeys passkeys;

    private final Authenticators authenticators;

    private final EmailCodes emailCodes;

    private final RecoveryCodes recoveryCodes;

    SecurityController(
            AccountView view,
            Passkeys passkeys,
            Authenticators authenticators,
            EmailCodes emailCodes,
            RecoveryCodes recoveryCodes) {
        this.view = view;
        this.passkeys = passkeys;
        this.authenticators = authenticators;
        this.emailCodes = emailCodes;
        this.recoveryCodes = recoveryCodes;
    }

    @GetMapping("/account/security")
    ModelAndView show(HttpServletRequest request) {
        Account account = view.account(request);
        return view.page(request, "security")
                .addObject("passkeys", passkeys.of(account.id()).size())
                .addObject("passkeysPossible", passkeys.arePossible())
                .addObject("authenticator", authenticators.isEnrolled(account.id()))
                .addObject("emailCodes", emailCodes.isEnrolled(account.id()))
                .addObject("emailCodesPossible", emailCodes.canStandIn(account))
                .addObject("recoveryCodes", recoveryCodes.left(account.id()))
                .addObject(
                        "done",
                        Fields.single(request, "done").filter(NEWS::contains).orElse(null));
    }
}
