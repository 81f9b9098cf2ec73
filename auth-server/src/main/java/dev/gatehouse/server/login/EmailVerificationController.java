package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.OneTimeTokens;
import dev.gatehouse.server.account.OneTimeTokens.Purpose;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** Confirms that an address is the person's: whoever reads its letters says so by a button, since scanners follow links. */
@Controller
final class EmailVerificationController {
    private final OneTimeTokens tokens;

    private final Accounts accounts;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    EmailVerificationController(
            OneTimeTokens tokens, Accounts accounts, ClientAddress clientAddress, AuditLog auditLog) {
        this.tokens = tokens;
        this.accounts = accounts;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    @GetMapping("/verify-email")
    ModelAndView ask(HttpServletRequest request) {
        Secret token = Fields.token(request);
        return tokens.find(Purpose.VERIFY_EMAIL, token)
                .map(proof -> new ModelAndView("verify-email")
                        .addObject("token", token.value())
                        .addObject("email", proof.email()))
                .orElseGet(EmailVerificationController::over);
    }

    @PostMapping("/verify-email")
    ModelAndView confirm(HttpServletRequest request) {
        return tokens.use(Purpose.VERIFY_EMAIL, Fields.token(request))
                .filter(proof -> accounts.setVerifiedEmail(proof.holder(), proof.email()))
                .map(proof -> {
                    auditLog.record(SecurityEvent.of("email.verified", SecurityEvent.SUCCESS)
                            .with("sub", proof.holder())
                            .with("address", clientAddress.of(request)));
                    return Passage.of(HttpStatus.OK, "verify-email.done", "/account");
                })
                .orElseGet(EmailVerificationController::over);
    }

    private static ModelAndView over() {
        return Passage.of(HttpStatus.BAD_REQUEST, "verify-email.over", "/account");
    }
}
