package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.factor.EmailCodes;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page where a person turns codes by e-mail on and off. */
@Controller
@NeedsFreshProof
final class EmailCodesController {
    private static final String PATH = "/account/email-codes";

    private final AccountView view;

    private final EmailCodes codes;

    private final FactorChanges changes;

    EmailCodesController(AccountView view, EmailCodes codes, FactorChanges changes) {
        this.view = view;
        this.codes = codes;
        this.changes = changes;
    }

    @GetMapping(PATH)
    ModelAndView show(HttpServletRequest request) {
        Account account = view.account(request);
        return view.page(request, "security", "email-codes")
                .addObject("enrolled", codes.isEnrolled(account.id()))
                .addObject("possible", codes.canStandIn(account));
    }

    @PostMapping(PATH)
    ModelAndView change(HttpServletRequest request) {
        Account account = view.account(request);
        if (request.getParameter("remove") != null) {
            if (codes.remove(account.id())) {
                changes.removed(request, account, codes.name());
            }
        } else if (codes.canStandIn(account)) {
            codes.enrol(account.id());
            changes.added(request, account, codes.name());
        }
        return AccountView.seeOther(PATH);
    }
}
