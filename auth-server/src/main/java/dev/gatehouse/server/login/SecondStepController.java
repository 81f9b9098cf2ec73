package dev.gatehouse.server.login;

import dev.gatehouse.server.account.SecondFactor;
import dev.gatehouse.server.factor.CodeFactor;
import dev.gatehouse.server.factor.EmailCodes;
import dev.gatehouse.server.factor.FactorAttempts;
import dev.gatehouse.server.factor.FactorAttempts.Limited;
import dev.gatehouse.server.factor.FactorAttempts.Passed;
import dev.gatehouse.server.factor.FactorAttempts.Wrong;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * The pages of the second step. {@code /login/factor} sends the browser to the page of the factor that suits best; each factor
 * that is typed as a code has its page here, any other brings its own.
 */
@Controller
final class SecondStepController {
    private static final String TEMPLATE = "login-factor";

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SecondStep secondStep;

    private final SecondStepView view;

    private final SecondFactors factors;

    private final FactorAttempts attempts;

    private final FreshProof freshProof;

    private final LoginSessions sessions;

    private final Interactions interactions;

    private final ClientAddress clientAddress;

    private final EmailCodes emailCodes;

    private final AccountLetters letters;

    private final InstantSource clock;

    SecondStepController(
            SecondStep secondStep,
            SecondStepView view,
            SecondFactors factors,
            FactorAttempts attempts,
            FreshProof freshProof,
            LoginSessions sessions,
            Interactions interactions,
            ClientAddress clientAddress,
            EmailCodes emailCodes,
            AccountLetters letters,
            InstantSource clock) {
        this.secondStep = secondStep;
        this.view = view;
        this.factors = factors;
        this.attempts = attempts;
        this.freshProof = freshProof;
        this.sessions = sessions;
        this.interactions = interactions;
        this.clientAddress = clientAddress;
        this.emailCodes = emailCodes;
        this.letters = letters;
        this.clock = clock;
    }

    @GetMapping(SecondStep.PATH)
    ModelAndView choose(HttpServletRequest request) {
        Optional<Interaction> asking =
                Optional.ofNullable(request.getParameter("interaction")).flatMap(id -> interactions.find(request, id));
        Optional<LoginSession> login = sessions.current(request);
        if (asking.isPresent() && login.isPresent()) {
            return stepUp(request, login.get(), asking.get());
        }
        Optional<SecondStep.Pending> pending = secondStep.pending(request);
        if (pending.isEmpty()) {
            return LoginCompletion.seeOther(SecondStep.EXPIRED);
        }
        List<SecondFactor> offered = factors.offeredTo(pending.get().account());
        return LoginCompletion.seeOther(
                offered.isEmpty()
                        ? SecondStep.EXPIRED
                        : SecondStep.PATH + "/" + offered.getFirst().name());
    }

    /**
     * An authorization request asks for more than the login has. A fresh first proof stands, an old one is asked for anew; who has no
     * second factor sets one up.
     */
    private ModelAndView stepUp(HttpServletRequest request, LoginSession login, Interaction asking) {
        if (!secondStep.isPossible(login.accountId())) {
            return LoginCompletion.seeOther("/account/authenticator?interaction=" + asking.id());
        }
        if (asking.reauthenticate() || !freshProof.isRecent(login)) {
            return LoginCompletion.seeOther("/login?interaction=" + asking.id());
        }
        secondStep.stepUp(request, login, LoginDestination.of(Optional.of(asking), null));
        return LoginCompletion.seeOther(SecondStep.PATH);
    }

    @GetMapping(SecondStep.PATH + "/{name}")
    ModelAndView ask(HttpServletRequest request, HttpServletResponse response, @PathVariable String name) {
        Optional<SecondStep.Pending> pending = secondStep.pending(request);
        if (pending.isEmpty()) {
            return LoginCompletion.seeOther(SecondStep.EXPIRED);
        }
        return codeFactor(pending.get(), name)
                .map(factor -> show(request, response, pending.get(), factor, HttpStatus.OK, null))
                .orElseGet(() -> LoginCompletion.seeOther(SecondStep.PATH));
    }

    /** A button of its own, so that whoever only loads a page sends no letters. */
    @PostMapping(SecondStep.PATH + "/email/send")
    ModelAndView send(HttpServletRequest request, HttpServletResponse response) {
        Optional<SecondStep.Pending> pending = secondStep.pending(request);
        if (pending.isEmpty()) {
            return LoginCompletion.seeOther(SecondStep.EXPIRED);
        }
        if (codeFactor(pending.get(), emailCodes.name()).isEmpty()) {
            return LoginCompletion.seeOther(SecondStep.PATH);
        }
        return emailCodes
                .send(pending.get().account(), pending.get().login().id(), RequestContextUtils.getLocale(request))
                .map(retryAfter -> limited(request, response, pending.get(), emailCodes, retryAfter))
                .orElseGet(() -> LoginCompletion.seeOther(SecondStep.PATH + "/" + emailCodes.name()));
    }

    @PostMapping(SecondStep.PATH + "/{name}")
    ModelAndView check(HttpServletRequest request, HttpServletResponse response, @PathVariable String name) {
        Optional<SecondStep.Pending> pending = secondStep.pending(request);
        if (pending.isEmpty()) {
            return LoginCompletion.seeOther(SecondStep.EXPIRED);
        }
        Optional<CodeFactor> factor = codeFactor(pending.get(), name);
        return factor.isEmpty()
                ? LoginCompletion.seeOther(SecondStep.PATH)
                : check(request, response, pending.get(), factor.get());
    }

    private ModelAndView check(
            HttpServletRequest request, HttpServletResponse response, SecondStep.Pending pending, CodeFactor factor) {
        Optional<String> code = TypedCode.of(request);
        if (code.isEmpty()) {
            return show(request, response, pending, factor, HttpStatus.BAD_REQUEST, Notice.of("factor.incomplete"));
        }
        String address = clientAddress.of(request);
        return switch (attempts.attempt(
                factor.name(),
                pending.account(),
                address,
                () -> factor.accept(pending.account(), pending.login().id(), code.get()))) {
            case Passed _ -> passed(request, response, pending, factor);
            case Wrong _ ->
                show(
                        request,
                        response,
                        pending,
                        factor,
                        HttpStatus.UNAUTHORIZED,
                        Notice.of("factor." + factor.name() + ".wrong"));
            case Limited limited -> limited(request, response, pending, factor, limited.retryAfter());
        };
    }

    private ModelAndView limited(
            HttpServletRequest request,
            HttpServletResponse response,
            SecondStep.Pending pending,
            CodeFactor factor,
            Duration retryAfter) {
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Notice.seconds(retryAfter)));
        return show(request, response, pending, factor, HttpStatus.TOO_MANY_REQUESTS, Notice.limited(retryAfter));
    }

    private ModelAndView passed(
            HttpServletRequest request, HttpServletResponse response, SecondStep.Pending pending, CodeFactor factor) {
        if (factor.isBackup()) {
            letters.tell(
                    pending.account(),
                    RequestContextUtils.getLocale(request),
                    factor.name() + "-used",
                    Map.of("time", UTC.format(clock.instant())));
        }
        return secondStep.passed(request, response, pending, List.of("otp"));
    }

    private ModelAndView show(
            HttpServletRequest request,
            HttpServletResponse response,
            SecondStep.Pending pending,
            CodeFactor factor,
            HttpStatus status,
            @Nullable Notice notice) {
        ModelAndView page = view.page(request, response, pending, factor.name(), TEMPLATE, status, notice);
        boolean byLetter = factor.name().equals(emailCodes.name());
        page.addObject("byLetter", byLetter);
        page.addObject("sent", byLetter && emailCodes.isSent(pending.login().id()));
        return page;
    }

    private Optional<CodeFactor> codeFactor(SecondStep.Pending pending, String name) {
        return factors.offeredTo(pending.account(), name)
                .filter(CodeFactor.class::isInstance)
                .map(CodeFactor.class::cast);
    }
}
