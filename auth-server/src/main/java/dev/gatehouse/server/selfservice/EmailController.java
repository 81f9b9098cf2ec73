package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.login.AccountLetters;
import dev.gatehouse.server.login.Fields;
import dev.gatehouse.server.mail.EmailAddress;
import dev.gatehouse.server.mail.Mails;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Changes the e-mail address, once whoever reads the new one has confirmed it. The old one is told. */
@Controller
@NeedsFreshProof
final class EmailController {
    private final AccountView view;

    private final AccountLetters letters;

    private final Mails mails;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    EmailController(
            AccountView view, AccountLetters letters, Mails mails, ClientAddress clientAddress, AuditLog auditLog) {
        this.view = view;
        this.letters = letters;
        this.mails = mails;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    @GetMapping("/account/email")
    ModelAndView ask(HttpServletRequest request) {
        return page(request, HttpStatus.OK, null);
    }

    @PostMapping("/account/email")
    ModelAndView change(HttpServletRequest request) {
        Optional<EmailAddress> email = Fields.single(request, "email").flatMap(EmailAddress::of);
        if (email.isEmpty() || !mails.areSent()) {
            return page(request, HttpStatus.BAD_REQUEST, "register.email.invalid");
        }
        letters.changeEmail(view.account(request), email.get(), RequestContextUtils.getLocale(request));
        auditLog.record(SecurityEvent.of("email.change-asked", SecurityEvent.SUCCESS)
                .with("sub", view.login(request).accountId())
                .with("address", clientAddress.of(request)));
        return AccountView.seeOther("/account/security?done=email");
    }

    private ModelAndView page(HttpServletRequest request, HttpStatus status, @Nullable String problem) {
        ModelAndView page = view.page(request, "security", "email")
                .addObject("problem", problem)
                .addObject("possible", mails.areSent());
        page.setStatus(status);
        return page;
    }
}
