package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.OneTimeTokens;
import dev.gatehouse.server.account.PasswordCheckBusy;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.login.AccountLetters;
import dev.gatehouse.server.login.NewPassword;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Changes the password. Everywhere else the person is logged out. */
@Controller
@NeedsFreshProof
final class PasswordController {
    private final AccountView view;

    private final Accounts accounts;

    private final NewPassword newPassword;

    private final OneTimeTokens tokens;

    private final SignOuts signOuts;

    private final AccountLetters letters;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    PasswordController(
            AccountView view,
            Accounts accounts,
            NewPassword newPassword,
            OneTimeTokens tokens,
            SignOuts signOuts,
            AccountLetters letters,
            ClientAddress clientAddress,
            AuditLog auditLog) {
        this.view = view;
        this.accounts = accounts;
        this.newPassword = newPassword;
        this.tokens = tokens;
        this.signOuts = signOuts;
        this.letters = letters;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    @GetMapping("/account/password")
    ModelAndView ask(HttpServletRequest request) {
        return page(request, HttpStatus.OK, null);
    }

    @PostMapping("/account/password")
    ModelAndView change(HttpServletRequest request, HttpServletResponse response) {
        Account account = view.account(request);
        Secret password = NewPassword.in(request);
        Optional<String> problem =
                newPassword.problem(password, account.username(), account.displayName(), account.email());
        if (problem.isPresent()) {
            return page(request, HttpStatus.BAD_REQUEST, problem.get());
        }
        try {
            accounts.setPassword(account.id(), password);
        } catch (PasswordCheckBusy e) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            return page(request, HttpStatus.SERVICE_UNAVAILABLE, "login.busy");
        }
        tokens.forget(account.id());
        signOuts.everywhere(account.id(), view.login(request).sid(), "password-changed");
        auditLog.record(SecurityEvent.of("password.changed", SecurityEvent.SUCCESS)
                .with("sub", account.id())
                .with("address", clientAddress.of(request)));
        letters.tell(account, RequestContextUtils.getLocale(request), "password-changed", Map.of());
        return AccountView.seeOther("/account/security?done=password");
    }

    private ModelAndView page(HttpServletRequest request, HttpStatus status, @Nullable String problem) {
        ModelAndView page = view.page(request, "security", "password").addObject("problem", problem);
        page.setStatus(status);
        return page;
    }
}
