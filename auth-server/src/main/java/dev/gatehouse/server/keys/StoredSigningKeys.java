package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.server.keys.KeyLifecycle.BrokenInTurn;
import dev.gatehouse.server.keys.Seal.BrokenSealException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signing keys in PostgreSQL, opened and held in memory. At each refresh a replica does what is due and takes over what
 * another one did; it keeps what it has while the database is away or holds what does not open.
 */
final class StoredSigningKeys implements SigningKeys {
    private static final Logger log = LoggerFactory.getLogger(StoredSigningKeys.class);

    private final KeyLifecycle lifecycle;

    private final KeyVault vault;

    private final KeySchedule schedule;

    private final NativeCryptography cryptography;

    private final Duration maxAge;

    private final InstantSource clock;

    private final ReentrantLock refreshing = new ReentrantLock();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private volatile Ring ring;

    private boolean troubled;

    StoredSigningKeys(
            KeyLifecycle lifecycle,
            KeyVault vault,
            KeySchedule schedule,
            NativeCryptography cryptography,
            Duration maxAge,
            InstantSource clock) {
        this.lifecycle = lifecycle;
        this.vault = vault;
        this.schedule = schedule;
        this.cryptography = cryptography;
        this.maxAge = maxAge;
        this.clock = clock;
        try {
            List<StoredKey> stored = lifecycle.keep();
            this.ring = open(stored, statuses(stored));
        } catch (BrokenSealException | BrokenInTurn e) {
            throw new WrongMasterKey(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("gatehouse.keys: " + e.getMessage(), e);
        }
    }

    Ring ring() {
        return ring;
    }

    @Override
    public JWKSet published() {
        return ring.published();
    }

    @Override
    public Duration maxAge() {
        return maxAge;
    }

    @Override
    public List<KeyStatus> all() {
        return ring.keys();
    }

    @Override
    public List<String> compromised() {
        Instant now = clock.instant();
        return ring.keys().stream()
                .filter(key -> key.state() == KeyState.COMPROMISED && schedule.isRecent(key.retiredAt(), now))
                .map(KeyStatus::kid)
                .toList();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void refresh() {
        refreshing.lock();
        try {
            takeOver(lifecycle.keep());
            if (troubled) {
                log.info("the signing keys are followed again");
                troubled = false;
            }
        } catch (BrokenSealException | GeneralSecurityException | RuntimeException e) {
            if (!troubled) {
                log.warn("the signing keys stay as they are: {}", e.getMessage());
            }
            troubled = true;
        } finally {
            refreshing.unlock();
        }
    }

    @Override
    public Optional<Instant> rotate(SigningAlgorithm algorithm) {
        try {
            return lifecycle.rotate(algorithm);
        } catch (BrokenSealException e) {
            throw new IllegalStateException(e);
        } finally {
            refresh();
        }
    }

    @Override
    public boolean compromise(String kid) {
        try {
            return lifecycle.compromise(kid);
        } catch (BrokenSealException e) {
            throw new IllegalStateException(e);
        } finally {
            refresh();
        }
    }

    private void takeOver(List<StoredKey> stored) throws BrokenSealException, GeneralSecurityException {
        List<KeyStatus> statuses = statuses(stored);
        if (!statuses.equals(ring.keys()) || ring.hasFailed()) {
            Ring fresh = open(stored, statuses);
            boolean changed = !fresh.published().equals(ring.published());
            ring = fresh;
            if (changed) {
                listeners.forEach(Runnable::run);
            }
        }
    }

    private List<KeyStatus> statuses(List<StoredKey> stored) {
        Instant now = clock.instant();
        return stored.stream()
                .map(key -> new KeyStatus(
                        key.kid(),
                        key.algorithm(),
                        key.state(),
                        key.custody(),
                        schedule.isPublished(key, now),
                        key.createdAt(),
                        key.activatesAt(),
                        key.retiredAt()))
                .toList();
    }

    private Ring open(List<StoredKey> stored, List<KeyStatus> statuses)
            throws BrokenSealException, GeneralSecurityException {
        List<SigningKey> active = new ArrayList<>();
        List<PublishedKey> known = new ArrayList<>();
        // Those that sign come first: on them it is proven what may verify the others.
        for (StoredKey key : stored) {
            if (key.is(KeyState.ACTIVE)) {
                active.add(vault.signing(key, vault.open(key)));
            }
        }
        for (StoredKey key : stored) {
            if (!key.is(KeyState.COMPROMISED)) {
                JWK jwk = vault.open(key).toPublicJWK();
                known.add(new PublishedKey(
                        jwk, key.algorithm(), KeyForms.publicKey(jwk), cryptography.provider(key.algorithm())));
            }
        }
        List<String> published = statuses.stream()
                .filter(KeyStatus::published)
                .map(KeyStatus::kid)
                .toList();
        return new Ring(statuses, active, known, published);
    }
}
