package dev.gatehouse.server.admin;

import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.revocation.LogPosition;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.revocation.Revocations;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends signing keys that somebody else may have: first another key signs, then everything under the old one is refused. Whoever
 * dies between the two is made good by the next issuer that looks.
 */
@Component
class CompromisedKeys {
    private static final Logger log = LoggerFactory.getLogger(CompromisedKeys.class);

    private final SigningKeys keys;

    private final Revocations revocations;

    private final RevocationRules rules;

    CompromisedKeys(SigningKeys keys, Revocations revocations, RevocationRules rules) {
        this.keys = keys;
        this.revocations = revocations;
        this.rules = rules;
    }

    /** The position of the log from which on the key's tokens are refused; nothing when there is no such key. */
    Optional<LogPosition> end(String kid) {
        return keys.compromise(kid) ? Optional.of(revocations.revokeKey(kid)) : Optional.empty();
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.SECONDS)
    void makeGood() {
        if (!rules.isCurrent()) {
            return;
        }
        for (String kid : keys.compromised()) {
            if (!rules.refusesKey(kid)) {
                try {
                    revocations.revokeKey(kid);
                    log.warn("everything under the compromised key {} is refused now: it was not before", kid);
                } catch (DataAccessException e) {
                    log.debug("the rule against key {} has to wait", kid, e);
                }
            }
        }
    }
}
