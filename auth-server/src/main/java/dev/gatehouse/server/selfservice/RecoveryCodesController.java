package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.factor.RecoveryCodes;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page for the recovery codes: how many are left, and new ones, which are shown this once. */
@Controller
@NeedsFreshProof
final class RecoveryCodesController {
    private static final String PATH = "/account/recovery-codes";

    private final AccountView view;

    private final RecoveryCodes codes;

    private final SecondFactors factors;

    private final AuditLog auditLog;

    private final ClientAddress clientAddress;

    RecoveryCodesController(
            AccountView view,
            RecoveryCodes codes,
            SecondFactors factors,
            AuditLog auditLog,
            ClientAddress clientAddress) {
        this.view = view;
        this.codes = codes;
        this.factors = factors;
        this.auditLog = auditLog;
        this.clientAddress = clientAddress;
    }

    @GetMapping(PATH)
    ModelAndView show(HttpServletRequest request) {
        return page(request, List.of());
    }

    @PostMapping(PATH)
    ModelAndView renew(HttpServletRequest request) {
        Account account = view.account(request);
        List<String> fresh =
                codes.renew(account.id()).stream().map(Secret::value).toList();
        auditLog.record(SecurityEvent.of("recovery-codes.renewed", SecurityEvent.SUCCESS)
                .with("sub", account.id())
                .with("address", clientAddress.of(request)));
        return page(request, fresh);
    }

    private ModelAndView page(HttpServletRequest request, List<String> fresh) {
        String account = view.account(request).id();
        return view.page(request, "security", "recovery-codes")
                .addObject("left", codes.left(account))
                .addObject("needed", factors.isProtected(account))
                .addObject("fresh", fresh);
    }
}
