package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.login.AccountLetters;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Map;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * What a change of a person's second factors brings about: it is written down and told by e-mail, for it may not have been they;
 * and when one is replaced or gone, every other login ends, for whoever had the old one may still have one.
 */
@Component
final class FactorChanges {
    private final AuditLog auditLog;

    private final AccountLetters letters;

    private final SignOuts signOuts;

    private final AccountView view;

    private final MessageSource messages;

    private final ClientAddress clientAddress;

    FactorChanges(
            AuditLog auditLog,
            AccountLetters letters,
            SignOuts signOuts,
            AccountView view,
            MessageSource messages,
            ClientAddress clientAddress) {
        this.auditLog = auditLog;
        this.letters = letters;
        this.signOuts = signOuts;
        this.view = view;
        this.messages = messages;
        this.clientAddress = clientAddress;
    }

    void added(HttpServletRequest request, Account account, String factor) {
        record(request, account, factor, "added");
    }

    void replaced(HttpServletRequest request, Account account, String factor) {
        record(request, account, factor, "added");
        signOuts.everywhere(account.id(), view.login(request).sid(), "second factor replaced");
    }

    void removed(HttpServletRequest request, Account account, String factor) {
        record(request, account, factor, "removed");
        signOuts.everywhere(account.id(), view.login(request).sid(), "second factor removed");
    }

    private void record(HttpServletRequest request, Account account, String factor, String change) {
        auditLog.record(SecurityEvent.of("factor." + change, SecurityEvent.SUCCESS)
                .with("sub", account.id())
                .with("factor", factor)
                .with("address", clientAddress.of(request)));
        Locale language = RequestContextUtils.getLocale(request);
        String name = messages.getMessage("factor." + factor + ".name", null, language);
        letters.tell(account, language, "factor-" + change, Map.of("name", name));
    }
}
