package dev.gatehouse.server.keys;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the custodians destroy keys that have ended. Each replica asks again until it is done: whoever ended a key
 * may be gone, or the custodian away.
 */
final class EndedKeys {
    private static final Logger log = LoggerFactory.getLogger(EndedKeys.class);

    /** Until then other replicas may not have heard that the key has ended, and sign with it. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final KeyVault vault;

    private final Set<String> destroyed = new HashSet<>();

    private final Set<String> delayed = new HashSet<>();

    EndedKeys(KeyVault vault) {
        this.vault = vault;
    }

    /** @param keys all that there are */
    synchronized void destroy(List<StoredKey> keys, Instant now) {
        for (StoredKey key : keys) {
            Instant endedAt = key.retiredAt();
            if (endedAt != null && endedAt.plus(GRACE).isBefore(now) && !destroyed.contains(key.kid())) {
                destroy(key);
            }
        }
        Set<String> kids = keys.stream().map(StoredKey::kid).collect(Collectors.toSet());
        destroyed.retainAll(kids);
        delayed.retainAll(kids);
    }

    private void destroy(StoredKey key) {
        try {
            vault.destroy(key);
            destroyed.add(key.kid());
        } catch (GeneralSecurityException | RuntimeException e) {
            if (delayed.add(key.kid())) {
                log.warn("signing key {} signs no more, but cannot be destroyed yet: {}", key.kid(), e.getMessage());
            }
        }
    }
}
