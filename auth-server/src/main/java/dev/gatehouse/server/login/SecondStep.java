package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.factor.EmailCodes;
import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interactions;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.PendingLogin;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * The step of a login between the first proof and the login session, for whoever needs a second proof.
 *
 * <p>What waits is a {@link PendingLogin} in the browser's session, which changes its id when the wait begins. It is good for ten
 * minutes and for nothing but {@code /login/factor}; only {@link #passed} makes a login of it. A factor shows its page under
 * {@code /login/factor/<its name>}, asks {@link #pending} whose proof it is to check, and calls {@link #passed} when it is good.
 */
@Component
public final class SecondStep {
    public static final String PATH = "/login/factor";

    /** Where a login begins again that has waited too long. */
    static final String EXPIRED = "/login?expired";

    private static final String ATTRIBUTE = "pending-login";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int ID_BYTES = 16;

    static final String MULTI_FACTOR = "mfa";

    private final LoginCompletion completion;

    private final SecondFactors factors;

    private final SecondFactorDemand demand;

    private final NewDevices newDevices;

    private final LoginSessions sessions;

    private final Interactions interactions;

    private final RememberedLogins remembered;

    private final Accounts accounts;

    private final InstantSource clock;

    private final SecureRandom random;

    SecondStep(
            LoginCompletion completion,
            SecondFactors factors,
            SecondFactorDemand demand,
            NewDevices newDevices,
            LoginSessions sessions,
            Interactions interactions,
            RememberedLogins remembered,
            Accounts accounts,
            InstantSource clock,
            SecureRandom random) {
        this.completion = completion;
        this.factors = factors;
        this.demand = demand;
        this.newDevices = newDevices;
        this.sessions = sessions;
        this.interactions = interactions;
        this.remembered = remembered;
        this.accounts = accounts;
        this.clock = clock;
        this.random = random;
    }

    /** A login that waits for its second proof, and whose it is. */
    public record Pending(PendingLogin login, Account account) {}

    /** Goes on after a first proof: to the second, or straight to the login. */
    ModelAndView after(
            HttpServletRequest request,
            HttpServletResponse response,
            Account account,
            List<String> amr,
            LoginDestination destination) {
        if (amr.contains(MULTI_FACTOR) || !isNeeded(request, account, destination.interaction())) {
            forget(request);
            return completion.complete(
                    request, response, account, amr, destination, RememberedLogins.isAskedFor(request));
        }
        PendingLogin login = begin(request, account.id(), amr, destination, RememberedLogins.isAskedFor(request));
        if (factors.offeredTo(account).getFirst() instanceof EmailCodes codes) {
            codes.send(account, login.id(), RequestContextUtils.getLocale(request));
        }
        return LoginCompletion.seeOther(PATH);
    }

    private boolean isNeeded(HttpServletRequest request, Account account, @Nullable Interaction interaction) {
        if (factors.isProtected(account.id())) {
            return true;
        }
        boolean possible = factors.canStandIn(account);
        boolean stuffed = newDevices.mustProveMore(request, account, possible);
        return possible && (stuffed || demand.isMade(account, interaction));
    }

    /** Whether there is any second proof that the person could be asked for. */
    boolean isPossible(String accountId) {
        return accounts.findById(accountId)
                .filter(account -> !factors.offeredTo(account).isEmpty())
                .isPresent();
    }

    /** Lets a person who is logged in by one factor add a second one. */
    void stepUp(HttpServletRequest request, LoginSession login, LoginDestination destination) {
        begin(request, login.accountId(), login.amr(), destination, remembered.isHere(request, login.accountId()));
    }

    /** The session's id changes: whoever knew it before does not share what is reached from here. */
    private PendingLogin begin(
            HttpServletRequest request,
            String accountId,
            List<String> amr,
            LoginDestination destination,
            boolean remember) {
        HttpSession browser = request.getSession();
        request.changeSessionId();
        Interaction interaction = destination.interaction();
        PendingLogin login = new PendingLogin(
                newId(),
                accountId,
                accounts.generation(accountId).orElse(PendingLogin.VOID),
                amr,
                clock.instant(),
                interaction == null ? null : interaction.id(),
                destination.path(),
                remember);
        browser.setAttribute(ATTRIBUTE, login);
        return login;
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The login that waits in this browser, unless it waited too long, or its account was closed or got a new password meanwhile. */
    public Optional<Pending> pending(HttpServletRequest request) {
        HttpSession browser = request.getSession(false);
        if (browser == null || !(browser.getAttribute(ATTRIBUTE) instanceof PendingLogin login)) {
            return Optional.empty();
        }
        if (login.begunAt().plus(PATIENCE).isBefore(clock.instant())) {
            browser.removeAttribute(ATTRIBUTE);
            return Optional.empty();
        }
        return accounts.generation(login.accountId())
                .filter(generation -> generation == login.generation())
                .flatMap(_ -> accounts.findById(login.accountId()))
                .map(account -> new Pending(login, account));
    }

    /**
     * Logs the person in, after the factor has seen a good second proof, and sends the browser on.
     *
     * @param amr how it was proven, RFC 8176
     */
    public ModelAndView passed(
            HttpServletRequest request, HttpServletResponse response, Pending pending, List<String> amr) {
        Set<String> both = new LinkedHashSet<>(pending.login().amr());
        both.addAll(amr);
        both.add(MULTI_FACTOR);
        LoginDestination destination = destination(request, pending);
        forget(request);
        return completion.complete(
                request,
                response,
                pending.account(),
                List.copyOf(both),
                destination,
                pending.login().remember());
    }

    /**
     * Goes on after a person who is logged in has set up a factor by proving it: from now on their login is one by both.
     *
     * @param amr how the new factor was proven, RFC 8176
     * @param otherwise the account page to go to when no authorization request waits, as the parameter {@code interaction} says
     */
    public ModelAndView enrolled(
            HttpServletRequest request,
            HttpServletResponse response,
            Account account,
            List<String> amr,
            String otherwise) {
        Set<String> both = new LinkedHashSet<>(
                sessions.current(request).map(LoginSession::amr).orElse(List.of()));
        both.addAll(amr);
        both.add(MULTI_FACTOR);
        LoginDestination destination = LoginDestination.of(
                Optional.ofNullable(request.getParameter("interaction")).flatMap(id -> interactions.find(request, id)),
                otherwise);
        return completion.complete(request, response, account, List.copyOf(both), destination);
    }

    LoginDestination destination(HttpServletRequest request, Pending pending) {
        return LoginDestination.of(
                Optional.ofNullable(pending.login().interaction()).flatMap(id -> interactions.find(request, id)),
                pending.login().path());
    }

    private static void forget(HttpServletRequest request) {
        HttpSession browser = request.getSession(false);
        if (browser != null) {
            browser.removeAttribute(ATTRIBUTE);
        }
    }
}
