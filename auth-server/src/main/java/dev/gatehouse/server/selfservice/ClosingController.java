package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.OneTimeTokens;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.consent.Consents;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.login.AccountLetters;
import dev.gatehouse.server.login.Fields;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Closes the account for good, once the person has typed its name. */
@Controller
@NeedsFreshProof
final class ClosingController {
    private final AccountView view;

    private final Accounts accounts;

    private final SecondFactors factors;

    private final Consents consents;

    private final OneTimeTokens tokens;

    private final SignOuts signOuts;

    private final AccountLetters letters;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    ClosingController(
            AccountView view,
            Accounts accounts,
            SecondFactors factors,
            Consents consents,
            OneTimeTokens tokens,
            SignOuts signOuts,
            AccountLetters letters,
            ClientAddress clientAddress,
            AuditLog auditLog) {
        this.view = view;
        this.accounts = accounts;
        this.factors = factors;
        this.consents = consents;
        this.tokens = tokens;
        this.signOuts = signOuts;
        this.letters = letters;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    @GetMapping("/account/close")
    ModelAndView ask(HttpServletRequest request) {
        return page(request, HttpStatus.OK, null);
    }

    @PostMapping("/account/close")
    ModelAndView close(HttpServletRequest request) {
        Account account = view.account(request);
        if (!Fields.single(request, "username").orElse("").strip().equals(account.username())) {
            return page(request, HttpStatus.BAD_REQUEST, "account.close.mismatch");
        }
        letters.tell(account, RequestContextUtils.getLocale(request), "account-closed", Map.of());
        accounts.close(account.id());
        factors.removeAll(account.id());
        consents.of(account.id()).forEach(consent -> consents.withdraw(account.id(), consent.clientId()));
        tokens.forget(account.id());
        signOuts.everywhere(account.id(), null, "account-closed");
        auditLog.record(SecurityEvent.of("account.closed", SecurityEvent.SUCCESS)
                .with("sub", account.id())
                .with("address", clientAddress.of(request)));
        return AccountView.seeOther("/login?notice=closed");
    }

    private ModelAndView page(HttpServletRequest request, HttpStatus status, @Nullable String problem) {
        ModelAndView page = view.page(request, "security", "close").addObject("problem", problem);
        page.setStatus(status);
        return page;
    }
}
