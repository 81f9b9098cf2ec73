package dev.gatehouse.server.login;

import dev.gatehouse.server.session.LoginSession;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Whether a person has proven lately enough who they are to change how they prove it. */
@Component
public final class FreshProof {
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final InstantSource clock;

    FreshProof(InstantSource clock) {
        this.clock = clock;
    }

    public boolean isFresh(LoginSession login) {
        return Duration.between(login.authTime(), clock.instant()).compareTo(FRESH) <= 0;
    }
}
