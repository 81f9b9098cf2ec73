package dev.gatehouse.server.login;

import dev.gatehouse.server.factor.SecondFactors;
import dev.gatehouse.server.session.LoginSession;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Whether a person has proven lately enough who they are to change how they prove it. */
@Component
public final class FreshProof {
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final SecondFactors factors;

    private final InstantSource clock;

    FreshProof(SecondFactors factors, InstantSource clock) {
        this.factors = factors;
        this.clock = clock;
    }

    /** Whether the proof is recent, and one by two factors where the person has set up a second one. */
    public boolean isFresh(LoginSession login) {
        return isRecent(login) && (login.acr().equals("2") || !factors.isProtected(login.accountId()));
    }

    /** Whether the proof is recent, by whatever factors, and of the login that is there now. */
    boolean isRecent(LoginSession login) {
        return !login.isRemembered()
                && Duration.between(login.authTime(), clock.instant()).compareTo(FRESH) <= 0;
    }
}
