package dev.gatehouse.server.login;

import dev.gatehouse.server.factor.FactorAttempts;
import dev.gatehouse.server.factor.FactorAttempts.Limited;
import dev.gatehouse.server.factor.FactorAttempts.Passed;
import dev.gatehouse.server.factor.FactorAttempts.Wrong;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.passkey.PasskeyAssertion;
import dev.gatehouse.server.passkey.PasskeyAssertions;
import dev.gatehouse.server.passkey.PasskeyOptions;
import dev.gatehouse.server.passkey.Passkeys;
import dev.gatehouse.server.web.ClientAddress;
import dev.gatehouse.server.web.SecurityHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page of the second step that asks for a passkey. */
@Controller
final class PasskeyStepController {
    private static final String PATH = SecondStep.PATH + "/passkey";

    private final SecondStep secondStep;

    private final SecondStepView view;

    private final SecondFactors factors;

    private final FactorAttempts attempts;

    private final Passkeys passkeys;

    private final PasskeyOptions options;

    private final PasskeyAssertions assertions;

    private final ClientAddress clientAddress;

    PasskeyStepController(
            SecondStep secondStep,
            SecondStepView view,
            SecondFactors factors,
            FactorAttempts attempts,
            Passkeys passkeys,
            PasskeyOptions options,
            PasskeyAssertions assertions,
            ClientAddress clientAddress) {
        this.secondStep = secondStep;
        this.view = view;
        this.factors = factors;
        this.attempts = attempts;
        this.passkeys = passkeys;
        this.options = options;
        this.assertions = assertions;
        this.clientAddress = clientAddress;
    }

    @GetMapping(PATH)
    ModelAndView ask(HttpServletRequest request, HttpServletResponse response) {
        return secondStep
                .pending(request)
                .map(pending -> isOffered(pending)
                        ? show(request, response, pending, HttpStatus.OK, null)
                        : LoginCompletion.seeOther(SecondStep.PATH))
                .orElseGet(() -> LoginCompletion.seeOther(SecondStep.EXPIRED));
    }

    @PostMapping(PATH)
    ModelAndView check(HttpServletRequest request, HttpServletResponse response) {
        return secondStep
                .pending(request)
                .map(pending -> isOffered(pending)
                        ? check(request, response, pending)
                        : LoginCompletion.seeOther(SecondStep.PATH))
                .orElseGet(() -> LoginCompletion.seeOther(SecondStep.EXPIRED));
    }

    private boolean isOffered(SecondStep.Pending pending) {
        return factors.offeredTo(pending.account(), passkeys.name()).isPresent();
    }

    private ModelAndView check(HttpServletRequest request, HttpServletResponse response, SecondStep.Pending pending) {
        Optional<String> credential = Fields.credential(request);
        if (credential.isEmpty() || !passkeys.arePossible()) {
            return show(request, response, pending, HttpStatus.BAD_REQUEST, Notice.of("passkey.expired"));
        }
        Optional<PasskeyAssertion> assertion = assertions.read(credential.get());
        return switch (attempts.attempt(
                passkeys.name(),
                pending.account(),
                clientAddress.of(request),
                () -> assertion.isPresent()
                        && assertions.acceptConfirmation(
                                pending.account(),
                                assertion.get(),
                                pending.login().id()))) {
            case Passed _ ->
                secondStep.passed(
                        request,
                        response,
                        pending,
                        assertion.orElseThrow().passkey().amr());
            case Wrong _ -> show(request, response, pending, HttpStatus.UNAUTHORIZED, Notice.of("passkey.failed"));
            case Limited limited -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Notice.seconds(limited.retryAfter())));
                yield show(
                        request, response, pending, HttpStatus.TOO_MANY_REQUESTS, Notice.limited(limited.retryAfter()));
            }
        };
    }

    private ModelAndView show(
            HttpServletRequest request,
            HttpServletResponse response,
            SecondStep.Pending pending,
            HttpStatus status,
            @Nullable Notice notice) {
        ModelAndView page = view.page(request, response, pending, passkeys.name(), "login-passkey", status, notice);
        if (passkeys.arePossible()) {
            SecurityHeaders.allowOwnScripts(response);
            page.addObject(
                    "passkey",
                    options.forConfirmation(pending.account(), pending.login().id()));
        }
        return page;
    }
}
