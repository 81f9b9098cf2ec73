package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.Accounts.Creation;
import dev.gatehouse.server.account.OneTimeTokens;
import dev.gatehouse.server.account.OneTimeTokens.Proof;
import dev.gatehouse.server.account.OneTimeTokens.Purpose;
import dev.gatehouse.server.account.PasswordCheckBusy;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.mail.EmailAddress;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Opens accounts. First the person proves an address by a letter; only then do they choose a name and a password, so a stranger
 * learns nothing of who has an account, and nobody else's address can be taken.
 */
@Controller
final class RegistrationController {
    private static final Pattern USERNAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}._@+-]{2,64}");

    private static final int LONGEST_NAME = 100;

    private final LoginProperties properties;

    private final AccountLetters letters;

    private final OneTimeTokens tokens;

    private final Accounts accounts;

    private final NewPassword newPassword;

    private final TransactionOperations transaction;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    RegistrationController(
            LoginProperties properties,
            AccountLetters letters,
            OneTimeTokens tokens,
            Accounts accounts,
            NewPassword newPassword,
            TransactionOperations transaction,
            ClientAddress clientAddress,
            AuditLog auditLog) {
        this.properties = properties;
        this.letters = letters;
        this.tokens = tokens;
        this.accounts = accounts;
        this.newPassword = newPassword;
        this.transaction = transaction;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    private boolean isOpen() {
        return properties.registration() && letters.areSent();
    }

    @GetMapping("/register")
    @Nullable
    ModelAndView ask(HttpServletResponse response) throws IOException {
        if (!isOpen()) {
            response.sendError(HttpStatus.NOT_FOUND.value());
            return null;
        }
        return form(HttpStatus.OK, null);
    }

    @PostMapping("/register")
    @Nullable
    ModelAndView invite(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isOpen()) {
            response.sendError(HttpStatus.NOT_FOUND.value());
            return null;
        }
        Optional<EmailAddress> email = Fields.single(request, "email").flatMap(EmailAddress::of);
        if (email.isEmpty()) {
            return form(HttpStatus.BAD_REQUEST, Notice.of("register.email.invalid"));
        }
        if (letters.mayAsk(clientAddress.of(request)) instanceof Limited limited) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Notice.seconds(limited.retryAfter())));
            return form(HttpStatus.TOO_MANY_REQUESTS, Notice.limited(limited.retryAfter()));
        }
        letters.register(email.get(), RequestContextUtils.getLocale(request));
        return Passage.of(HttpStatus.OK, "register.sent", null);
    }

    private static ModelAndView form(HttpStatus status, @Nullable Notice notice) {
        ModelAndView view = new ModelAndView("register", status);
        view.addObject("notice", notice);
        return view;
    }

    @GetMapping("/register/complete")
    ModelAndView complete(HttpServletRequest request) {
        Secret token = Fields.token(request);
        return tokens.find(Purpose.REGISTER, token)
                .map(proof -> details(HttpStatus.OK, token, proof, "", "", null))
                .orElseGet(RegistrationController::over);
    }

    @PostMapping("/register/complete")
    ModelAndView open(HttpServletRequest request, HttpServletResponse response) {
        Secret token = Fields.token(request);
        Optional<Proof> proof = tokens.find(Purpose.REGISTER, token);
        if (proof.isEmpty()) {
            return over();
        }
        String username = Fields.single(request, "username").orElse("").strip();
        String name = Fields.single(request, "name").orElse("").strip();
        Secret password = NewPassword.in(request);
        Optional<String> problem = USERNAME.matcher(username).matches()
                ? newPassword.problem(password, username, name, proof.get().email())
                : Optional.of("register.username.invalid");
        if (problem.isEmpty() && name.length() > LONGEST_NAME) {
            problem = Optional.of("register.name.invalid");
        }
        if (problem.isPresent()) {
            return details(HttpStatus.BAD_REQUEST, token, proof.get(), username, name, problem.get());
        }
        Account account = new Account(
                UUID.randomUUID().toString(),
                username,
                proof.get().email(),
                true,
                List.of("user"),
                name.isEmpty() ? Map.of() : Map.of("name", name),
                true);
        try {
            return create(request, token, proof.get(), account, password);
        } catch (PasswordCheckBusy e) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            return details(HttpStatus.SERVICE_UNAVAILABLE, token, proof.get(), username, name, "login.busy");
        }
    }

    /** The token is used up with the account's creation, or both are as they were. */
    private ModelAndView create(
            HttpServletRequest request, Secret token, Proof proof, Account account, Secret password) {
        Creation creation = transaction.execute(status -> {
            if (tokens.use(Purpose.REGISTER, token).isEmpty()) {
                return Creation.EMAIL_TAKEN;
            }
            Creation made = accounts.create(account, password);
            if (made != Creation.CREATED) {
                status.setRollbackOnly();
            }
            return made;
        });
        if (creation == Creation.USERNAME_TAKEN) {
            String name = account.claims().getOrDefault("name", "").toString();
            return details(HttpStatus.CONFLICT, token, proof, account.username(), name, "register.username.taken");
        }
        if (creation != Creation.CREATED) {
            return over();
        }
        auditLog.record(SecurityEvent.of("account.opened", SecurityEvent.SUCCESS)
                .with("sub", account.id())
                .with("address", clientAddress.of(request)));
        return LoginCompletion.seeOther("/login?notice=registered");
    }

    private static ModelAndView details(
            HttpStatus status, Secret token, Proof proof, String username, String name, @Nullable String problem) {
        ModelAndView view = new ModelAndView("register-complete", status);
        view.addObject("token", token.value());
        view.addObject("email", proof.email());
        view.addObject("username", username);
        view.addObject("name", name);
        view.addObject("problem", problem);
        return view;
    }

    private static ModelAndView over() {
        return Passage.of(HttpStatus.BAD_REQUEST, "register.over", "/register");
    }
}
