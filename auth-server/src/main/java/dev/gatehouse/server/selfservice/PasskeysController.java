package dev.gatehouse.server.selfservice;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.factor.RecoveryCodes;
import dev.gatehouse.server.login.Fields;
import dev.gatehouse.server.login.SecondStep;
import dev.gatehouse.server.passkey.Passkey;
import dev.gatehouse.server.passkey.PasskeyOptions;
import dev.gatehouse.server.passkey.PasskeyRegistration;
import dev.gatehouse.server.passkey.Passkeys;
import dev.gatehouse.server.session.Device;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
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

/** The page where a person adds, names and removes passkeys. */
@Controller
@NeedsFreshProof
final class PasskeysController {
    private static final String PATH = "/account/passkeys";

    private final AccountView view;

    private final Passkeys passkeys;

    private final PasskeyOptions options;

    private final PasskeyRegistration registration;

    private final RecoveryCodes recoveryCodes;

    private final FactorChanges changes;

    private final SecondStep secondStep;

    private final MessageSource messages;

    PasskeysController(
            AccountView view,
            Passkeys passkeys,
            PasskeyOptions options,
            PasskeyRegistration registration,
            RecoveryCodes recoveryCodes,
            FactorChanges changes,
            SecondStep secondStep,
            MessageSource messages) {
        this.view = view;
        this.passkeys = passkeys;
        this.options = options;
        this.registration = registration;
        this.recoveryCodes = recoveryCodes;
        this.changes = changes;
        this.secondStep = secondStep;
        this.messages = messages;
    }

    @GetMapping(PATH)
    ModelAndView show(HttpServletRequest request, HttpServletResponse response) {
        return show(request, response, HttpStatus.OK, null);
    }

    private ModelAndView show(
            HttpServletRequest request, HttpServletResponse response, HttpStatus status, @Nullable String notice) {
        Account account = view.account(request);
        ModelAndView page = view.page(request, "security", "passkeys")
                .addObject("passkeys", passkeys.of(account.id()))
                .addObject("possible", passkeys.arePossible())
                .addObject("longest", Passkeys.LONGEST_LABEL)
                .addObject("interaction", request.getParameter("interaction"))
                .addObject("notice", notice);
        page.setStatus(status);
        if (passkeys.arePossible() && !passkeys.areFull(account.id())) {
            Locale language = RequestContextUtils.getLocale(request);
            String house = messages.getMessage("house.name", null, language);
            SecurityHeaders.allowOwnScripts(response);
            page.addObject(
                            "options",
                            options.forRegistration(
                                    account, house, view.login(request).sid()))
                    .addObject("suggestion", suggestion(request, language));
        }
        return page;
    }

    /** What the person may want to call a passkey that they make here. */
    private String suggestion(HttpServletRequest request, Locale language) {
        Device device = Device.of(
                Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse(""));
        if (device.browser().isEmpty() || device.system().isEmpty()) {
            return messages.getMessage("passkeys.suggestion", null, language);
        }
        return messages.getMessage("devices.device", new Object[] {device.browser(), device.system()}, language);
    }

    @PostMapping(PATH)
    ModelAndView change(HttpServletRequest request, HttpServletResponse response) {
        Account account = view.account(request);
        Optional<String> removed = Fields.single(request, "remove");
        if (removed.isPresent()) {
            if (passkeys.remove(account.id(), removed.get())) {
                changes.removed(request, account, passkeys.name());
            }
            return AccountView.seeOther(PATH);
        }
        Optional<String> renamed = Fields.single(request, "rename");
        if (renamed.isPresent()) {
            passkeys.rename(account.id(), renamed.get(), label(request));
            return AccountView.seeOther(PATH);
        }
        return add(request, response, account);
    }

    private static String label(HttpServletRequest request) {
        return Fields.single(request, "label").orElse("");
    }

    private ModelAndView add(HttpServletRequest request, HttpServletResponse response, Account account) {
        Optional<String> credential = Fields.credential(request);
        if (credential.isEmpty() || !passkeys.arePossible()) {
            return show(request, response, HttpStatus.BAD_REQUEST, "passkey.expired");
        }
        String typed = label(request).strip();
        String label = typed.isEmpty() ? suggestion(request, RequestContextUtils.getLocale(request)) : typed;
        Optional<Passkey> added = registration.add(
                account, label, credential.get(), view.login(request).sid());
        if (added.isEmpty()) {
            return show(request, response, HttpStatus.BAD_REQUEST, "passkeys.refused");
        }
        changes.added(request, account, passkeys.name());
        return secondStep.enrolled(
                request,
                response,
                account,
                added.get().amr(),
                recoveryCodes.left(account.id()) == 0 ? "/account/recovery-codes" : PATH);
    }
}
