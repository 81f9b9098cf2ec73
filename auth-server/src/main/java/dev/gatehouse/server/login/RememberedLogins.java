package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.RememberedBrowser;
import dev.gatehouse.server.session.RememberedBrowsers;
import dev.gatehouse.server.session.RememberedBrowsers.Recognised;
import dev.gatehouse.server.session.RememberedBrowsers.Stolen;
import dev.gatehouse.server.session.RememberedBrowsers.Unknown;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.web.ClientAddress;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Logins of people who have asked to stay logged in on a device. A browser that is remembered carries its login on when that has
 * expired: without a new proof, so that whoever asks for a recent one, for a second factor or for the password gets it from the person.
 */
@Component
public final class RememberedLogins {
    static final String FIELD = "remember-me";

    private static final String THEFT = "remembered-login-reuse";

    private final RememberedBrowsers browsers;

    private final LoginSessions sessions;

    private final Accounts accounts;

    private final SignOuts signOuts;

    private final AccountLetters letters;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    private final Standby standby;

    private final MeterRegistry metrics;

    RememberedLogins(
            RememberedBrowsers browsers,
            LoginSessions sessions,
            Accounts accounts,
            SignOuts signOuts,
            AccountLetters letters,
            ClientAddress clientAddress,
            AuditLog auditLog,
            Standby standby,
            MeterRegistry metrics) {
        this.browsers = browsers;
        this.sessions = sessions;
        this.accounts = accounts;
        this.signOuts = signOuts;
        this.letters = letters;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
        this.standby = standby;
        this.metrics = metrics;
    }

    boolean areOffered() {
        return browsers.areOffered();
    }

    /** Whether the form that was sent asks for it. */
    static boolean isAskedFor(HttpServletRequest request) {
        return request.getParameter(FIELD) != null;
    }

    /** Whether this browser is remembered as the person's. */
    boolean isHere(HttpServletRequest request, String accountId) {
        return browsers.areOffered()
                && browsers.find(request)
                        .filter(browser -> browser.accountId().equals(accountId))
                        .isPresent();
    }

    /**
     * Carries on the login that this browser is remembered for, if it is, and nobody is logged in here.
     *
     * @throws DataAccessException while Redis is away, if the browser is remembered: the login may have ended there
     */
    public Optional<LoginSession> resume(HttpServletRequest request, HttpServletResponse response) {
        if (standby.isNeeded() && browsers.find(request).isPresent()) {
            standby.demandRedis();
        }
        return switch (browsers.present(request, response)) {
            case Recognised recognised -> carryOn(request, response, recognised.browser());
            case Stolen stolen -> {
                endAfterTheft(request, stolen.browser());
                yield Optional.empty();
            }
            case Unknown _ -> Optional.empty();
        };
    }

    /** The same for who comes to log in: while Redis is away they do so anew. */
    public Optional<LoginSession> resumeIfPossible(HttpServletRequest request, HttpServletResponse response) {
        return standby.isNeeded() ? Optional.empty() : resume(request, response);
    }

    private Optional<LoginSession> carryOn(
            HttpServletRequest request, HttpServletResponse response, RememberedBrowser browser) {
        Optional<LoginSession> login = accounts.generation(browser.accountId())
                .filter(generation -> generation == browser.generation())
                .flatMap(_ -> accounts.findById(browser.accountId()))
                .flatMap(account -> sessions.carryOn(request, browser, account.username()));
        if (login.isEmpty()) {
            browsers.forget(request, response);
        }
        record(request, browser, login.isPresent() ? SecurityEvent.SUCCESS : "void");
        return login;
    }

    /** Who used it last and who shows the old one look alike from here: the login ends for both. */
    private void endAfterTheft(HttpServletRequest request, RememberedBrowser browser) {
        record(request, browser, "reused");
        signOuts.session(browser.accountId(), browser.sid(), THEFT);
        accounts.findById(browser.accountId()).ifPresent(account -> letters.warn(account, THEFT));
    }

    private void record(HttpServletRequest request, RememberedBrowser browser, String outcome) {
        metrics.counter("gatehouse.logins.remembered", "outcome", outcome).increment();
        auditLog.record(SecurityEvent.of("login.remembered", outcome)
                .with("sub", browser.accountId())
                .with("sid", browser.sid())
                .with("address", clientAddress.of(request)));
    }

    /**
     * Has this browser remembered from a proof on, or no more.
     *
     * @param isNew whether the login began with this proof, so that nothing can be remembered of it yet
     */
    void settle(
            HttpServletRequest request,
            HttpServletResponse response,
            Account account,
            LoginSession login,
            boolean isNew,
            boolean remember) {
        Optional<Long> generation =
                remember && browsers.areOffered() ? accounts.generation(account.id()) : Optional.empty();
        if (generation.isEmpty()) {
            browsers.forget(request, response);
            if (!isNew) {
                browsers.forget(login.sid());
            }
            return;
        }
        browsers.remember(request, response, login, generation.get());
        // Whoever ended the login before its browser was remembered could not end that.
        if (!sessions.isAlive(login.sid())) {
            browsers.forget(login.sid());
        }
    }

    /** Has this browser remembered no more, whoever it was. */
    public void forget(HttpServletRequest request, HttpServletResponse response) {
        browsers.forget(request, response);
    }
}
