package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.consent.Consents;
import dev.gatehouse.server.login.SecondFactorDemand;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.protocol.AuthorizationStep.Allow;
import dev.gatehouse.server.protocol.AuthorizationStep.AskConsent;
import dev.gatehouse.server.protocol.AuthorizationStep.LogIn;
import dev.gatehouse.server.protocol.AuthorizationStep.Refuse;
import dev.gatehouse.server.protocol.AuthorizationStep.StepUp;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.Interaction.Mark;
import dev.gatehouse.server.session.LoginSession;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decides how an authorization request goes on, from who is logged in and what they have done about it. The same
 * questions are asked on each pass, so that nothing which changed meanwhile is missed: a log-out, another person, a
 * disabled account.
 */
@Component
final class AuthorizationDecision {
    private final Accounts accounts;

    private final Consents consents;

    private final SecondFactorDemand demand;

    private final InstantSource clock;

    AuthorizationDecision(Accounts accounts, Consents consents, SecondFactorDemand demand, InstantSource clock) {
        this.accounts = accounts;
        this.consents = consents;
        this.demand = demand;
        this.clock = clock;
    }

    /** @param waited what the person has done about the request so far; absent on the first pass */
    AuthorizationStep next(AuthorizationRequest asked, @Nullable LoginSession login, @Nullable Interaction waited) {
        AuthorizationStep step = afterLogin(asked, login, waited);
        if (!asked.prompts(Prompt.NONE)) {
            return step;
        }
        return switch (step) {
            case LogIn _ -> refuse(OAuthError.LOGIN_REQUIRED, "the person must log in");
            case StepUp _ -> refuse(OAuthError.LOGIN_REQUIRED, "the person must log in by a second factor");
            case AskConsent _ -> refuse(OAuthError.CONSENT_REQUIRED, "the person must be asked for consent");
            case Refuse _, Allow _ -> step;
        };
    }

    private AuthorizationStep afterLogin(
            AuthorizationRequest asked, @Nullable LoginSession login, @Nullable Interaction waited) {
        Account account = login == null ? null : account(login);
        if (login == null || account == null) {
            return new LogIn(login != null || asked.wantsFreshLogin());
        }
        boolean fresh = waited != null && isMadeFor(waited, login);
        if (isAnother(asked, login)) {
            return fresh ? refuse(OAuthError.LOGIN_REQUIRED, "another person logged in") : new LogIn(true);
        }
        if (!fresh && (isTooOld(asked, login) || isTooWeak(asked, login))) {
            return new LogIn(true);
        }
        if (asked.prompts(Prompt.SELECT_ACCOUNT) && !has(waited, Mark.ACCOUNT_SELECTED)) {
            return new LogIn(false);
        }
        if (!login.acr().equals("2") && demand.isMade(account, asked.client(), asked.acrValues())) {
            return new StepUp();
        }
        return afterConsent(asked, login, waited);
    }

    private @Nullable Account account(LoginSession login) {
        return accounts.findById(login.accountId()).filter(Account::enabled).orElse(null);
    }

    /** The login page marks an interaction when it goes on; times are compared in whole seconds. */
    private static boolean isMadeFor(Interaction waited, LoginSession login) {
        return waited.marks().contains(Mark.ACCOUNT_SELECTED)
                && !login.isRemembered()
                && !login.authTime().isBefore(waited.begunAt().truncatedTo(ChronoUnit.SECONDS));
    }

    private static boolean isAnother(AuthorizationRequest asked, LoginSession login) {
        return asked.hint() != null && !asked.hint().subject().equals(login.accountId());
    }

    private boolean isTooOld(AuthorizationRequest asked, LoginSession login) {
        return asked.wantsFreshLogin()
                || (asked.maxAge() != null
                        && Duration.between(login.authTime(), clock.instant()).compareTo(asked.maxAge()) > 0);
    }

    /** Whoever names a class wants a person's proof; what comes of a remembered browser is none. */
    private static boolean isTooWeak(AuthorizationRequest asked, LoginSession login) {
        return login.isRemembered() && asked.acrValues() != null;
    }

    private AuthorizationStep afterConsent(
            AuthorizationRequest asked, LoginSession login, @Nullable Interaction waited) {
        if (has(waited, Mark.CONSENT_DENIED)) {
            return refuse(OAuthError.ACCESS_DENIED, "the person did not allow it");
        }
        boolean allowedNow = waited != null
                && waited.marks().contains(Mark.CONSENT_ALLOWED)
                && waited.scopes().containsAll(asked.scopes());
        boolean ask =
                asked.prompts(Prompt.CONSENT) ? !allowedNow : asked.client().consent() && !isAllowed(asked, login);
        return ask ? new AskConsent() : new Allow(login);
    }

    private boolean isAllowed(AuthorizationRequest asked, LoginSession login) {
        return consents.granted(login.accountId(), asked.client().id()).containsAll(asked.scopes());
    }

    private static boolean has(@Nullable Interaction waited, Mark mark) {
        return waited != null && waited.marks().contains(mark);
    }

    private static Refuse refuse(OAuthError error, String description) {
        return new Refuse(new OAuthException(error, description));
    }
}
