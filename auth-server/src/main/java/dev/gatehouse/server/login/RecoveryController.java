package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.OneTimeTokens;
import dev.gatehouse.server.account.OneTimeTokens.Purpose;
import dev.gatehouse.server.account.PasswordCheckBusy;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Lets people who have forgotten their password set a new one, by a letter to the address that is known to be theirs. */
@Controller
final class RecoveryController {
    private final AccountLetters letters;

    private final OneTimeTokens tokens;

    private final Accounts accounts;

    private final NewPassword newPassword;

    private final SignOuts signOuts;

    private final TransactionOperations transaction;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    RecoveryController(
            AccountLetters letters,
            OneTimeTokens tokens,
            Accounts accounts,
            NewPassword newPassword,
            SignOuts signOuts,
            TransactionOperations transaction,
            ClientAddress clientAddress,
            AuditLog auditLog) {
        this.letters = letters;
        this.tokens = tokens;
        this.accounts = accounts;
        this.newPassword = newPassword;
        this.signOuts = signOuts;
        this.transaction = transaction;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    @GetMapping("/recover")
    @Nullable
    ModelAndView ask(HttpServletResponse response) throws IOException {
        if (!letters.areSent()) {
            response.sendError(HttpStatus.NOT_FOUND.value());
            return null;
        }
        return form(HttpStatus.OK, null);
    }

    @PostMapping("/recover")
    @Nullable
    ModelAndView send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!letters.areSent()) {
            response.sendError(HttpStatus.NOT_FOUND.value());
            return null;
        }
        String who = Fields.single(request, "who").orElse("").strip();
        if (who.isEmpty()) {
            return form(HttpStatus.BAD_REQUEST, Notice.of("recover.who.missing"));
        }
        if (letters.mayAsk(clientAddress.of(request)) instanceof Limited limited) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Notice.seconds(limited.retryAfter())));
            return form(HttpStatus.TOO_MANY_REQUESTS, Notice.limited(limited.retryAfter()));
        }
        letters.recover(who, RequestContextUtils.getLocale(request));
        return Passage.of(HttpStatus.OK, "recover.sent", null);
    }

    private static ModelAndView form(HttpStatus status, @Nullable Notice notice) {
        ModelAndView view = new ModelAndView("recover", status);
        view.addObject("notice", notice);
        return view;
    }

    @GetMapping("/recover/password")
    ModelAndView choose(HttpServletRequest request) {
        Secret token = Fields.token(request);
        return account(token)
                .map(account -> passwordForm(HttpStatus.OK, token, account, null))
                .orElseGet(RecoveryController::over);
    }

    private Optional<Account> account(Secret token) {
        return tokens.find(Purpose.RECOVER, token)
                .flatMap(proof -> accounts.findById(proof.holder()))
                .filter(Account::enabled);
    }

    @PostMapping("/recover/password")
    ModelAndView set(HttpServletRequest request, HttpServletResponse response) {
        Secret token = Fields.token(request);
        Account account = account(token).orElse(null);
        if (account == null) {
            return over();
        }
        Secret password = NewPassword.in(request);
        Optional<String> problem =
                newPassword.problem(password, account.username(), account.displayName(), account.email());
        if (problem.isPresent()) {
            return passwordForm(HttpStatus.BAD_REQUEST, token, account, problem.get());
        }
        try {
            if (!replace(token, account, password)) {
                return over();
            }
        } catch (PasswordCheckBusy e) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            return passwordForm(HttpStatus.SERVICE_UNAVAILABLE, token, account, "login.busy");
        }
        signOuts.everywhere(account.id(), null, "password-recovered");
        auditLog.record(SecurityEvent.of("password.recovered", SecurityEvent.SUCCESS)
                .with("sub", account.id())
                .with("address", clientAddress.of(request)));
        letters.tell(account, RequestContextUtils.getLocale(request), "password-changed", Map.of());
        return LoginCompletion.seeOther("/login?notice=recovered");
    }

    /** Of several who present the token at once one sets the password. */
    private boolean replace(Secret token, Account account, Secret password) {
        Boolean done = transaction.execute(_ -> {
            boolean mine = tokens.use(Purpose.RECOVER, token)
                    .filter(proof -> proof.holder().equals(account.id()))
                    .isPresent();
            if (mine) {
                accounts.setPassword(account.id(), password);
            }
            return mine;
        });
        return Boolean.TRUE.equals(done);
    }

    private static ModelAndView passwordForm(
            HttpStatus status, Secret token, Account account, @Nullable String problem) {
        ModelAndView view = new ModelAndView("recover-password", status);
        view.addObject("token", token.value());
        view.addObject("username", account.username());
        view.addObject("problem", problem);
        return view;
    }

    private static ModelAndView over() {
        return Passage.of(HttpStatus.BAD_REQUEST, "recover.over", "/recover");
    }
}
