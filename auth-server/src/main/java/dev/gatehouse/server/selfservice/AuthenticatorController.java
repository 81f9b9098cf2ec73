package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.factor.AuthenticatorKey;
import dev.gatehouse.server.factor.Authenticators;
import dev.gatehouse.server.factor.FactorAttempts;
import dev.gatehouse.server.factor.FactorAttempts.Limited;
import dev.gatehouse.server.factor.FactorAttempts.Passed;
import dev.gatehouse.server.factor.FactorAttempts.Wrong;
import dev.gatehouse.server.login.SecondStep;
import dev.gatehouse.server.login.TypedCode;
import dev.gatehouse.server.passkey.Passkeys;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * The page for the authenticator app: shows a new key, which waits sealed in the browser's session until a code confirms it, and
 * removes the app.
 */
@Controller
@NeedsFreshProof
final class AuthenticatorController {
    private static final String PATH = "/account/authenticator";

    private static final String PROPOSED = "authenticator-key";

    private final AccountView view;

    private final Authenticators authenticators;

    private final Passkeys passkeys;

    private final FactorAttempts attempts;

    private final FactorChanges changes;

    private final SecondStep secondStep;

    private final ClientAddress clientAddress;

    private final MessageSource messages;

    AuthenticatorController(
            AccountView view,
            Authenticators authenticators,
            Passkeys passkeys,
            FactorAttempts attempts,
            FactorChanges changes,
            SecondStep secondStep,
            ClientAddress clientAddress,
            MessageSource messages) {
        this.view = view;
        this.authenticators = authenticators;
        this.passkeys = passkeys;
        this.attempts = attempts;
        this.changes = changes;
        this.secondStep = secondStep;
        this.clientAddress = clientAddress;
        this.messages = messages;
    }

    @GetMapping(PATH)
    ModelAndView show(HttpServletRequest request) {
        return show(request, HttpStatus.OK, null, null);
    }

    private ModelAndView show(
            HttpServletRequest request, HttpStatus status, @Nullable String notice, @Nullable Object argument) {
        Account account = view.account(request);
        ModelAndView page = view.page(request, "security", "authenticator");
        page.setStatus(status);
        page.addObject("enrolled", authenticators.isEnrolled(account.id()));
        page.addObject("interaction", request.getParameter("interaction"));
        page.addObject("passkeysPossible", passkeys.arePossible());
        page.addObject("notice", notice);
        page.addObject("argument", argument);
        AuthenticatorKey key = proposed(request, account);
        String house = messages.getMessage("house.name", null, RequestContextUtils.getLocale(request));
        page.addObject("key", key.text());
        page.addObject("qr", QrCode.of(key.uri(house, account.username())));
        return page;
    }

    /** The same one for as long as the browser's session lasts, or a page loaded twice would show a key that counts for nothing. */
    private AuthenticatorKey proposed(HttpServletRequest request, Account account) {
        return held(request, account).orElseGet(() -> {
            AuthenticatorKey key = authenticators.propose(account.id());
            request.getSession().setAttribute(PROPOSED, key.sealed());
            return key;
        });
    }

    private Optional<AuthenticatorKey> held(HttpServletRequest request, Account account) {
        return request.getSession().getAttribute(PROPOSED) instanceof String sealed
                ? authenticators.proposed(account.id(), sealed)
                : Optional.empty();
    }

    @PostMapping(PATH)
    ModelAndView change(HttpServletRequest request, HttpServletResponse response) {
        Account account = view.account(request);
        if (request.getParameter("remove") != null) {
            return remove(request, account);
        }
        Optional<AuthenticatorKey> key = held(request, account);
        Optional<String> code = TypedCode.of(request);
        if (key.isEmpty() || code.isEmpty()) {
            return show(request, HttpStatus.BAD_REQUEST, "factor.incomplete", null);
        }
        boolean hadOne = authenticators.isEnrolled(account.id());
        return switch (attempts.attempt(
                "totp-setup",
                account,
                clientAddress.of(request),
                () -> authenticators.confirm(account.id(), key.get(), code.get()))) {
            case Passed _ -> confirmed(request, response, account, hadOne);
            case Wrong _ -> show(request, HttpStatus.UNAUTHORIZED, "authenticator.wrong", null);
            case Limited limited -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds(limited.retryAfter())));
                yield show(
                        request,
                        HttpStatus.TOO_MANY_REQUESTS,
                        "factor.limited",
                        Math.ceilDiv(seconds(limited.retryAfter()), 60));
            }
        };
    }

    private static long seconds(Duration retryAfter) {
        return Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1000L));
    }

    private ModelAndView confirmed(
            HttpServletRequest request, HttpServletResponse response, Account account, boolean hadOne) {
        request.getSession().removeAttribute(PROPOSED);
        if (hadOne) {
            changes.replaced(request, account, "totp");
        } else {
            changes.added(request, account, "totp");
        }
        return secondStep.enrolled(request, response, account, List.of("otp"), "/account/recovery-codes");
    }

    private ModelAndView remove(HttpServletRequest request, Account account) {
        if (authenticators.remove(account.id())) {
            changes.removed(request, account, "totp");
        }
        return AccountView.seeOther("/account/security");
    }
}
