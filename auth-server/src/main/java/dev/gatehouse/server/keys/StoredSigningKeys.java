package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.gatehouse.server.keys.KeySeal.BrokenSealException;
import dev.gatehouse.server.oauth.Issuer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The signing keys in PostgreSQL, opened once and held in memory. The first replica to start makes the first key; every
 * replica looks for changes each five seconds, and keeps what it has while the database is away or holds what does not open.
 */
final class StoredSigningKeys implements SigningKeys {
    private static final Logger log = LoggerFactory.getLogger(StoredSigningKeys.class);

    private static final int RSA_BITS = 2048;

    private final Issuer issuer;

    private final SealedKeys table;

    private final KeySeal seal;

    private final SecureRandom random;

    private final ReentrantLock reloading = new ReentrantLock();

    private volatile Ring ring;

    StoredSigningKeys(Issuer issuer, SealedKeys table, KeySeal seal, SecureRandom random) {
        this.issuer = issuer;
        this.table = table;
        this.seal = seal;
        this.random = random;
        try {
            this.ring = open(firstKeys());
        } catch (BrokenSealException e) {
            throw new WrongMasterKey(e);
        }
    }

    @Override
    public RSAKey active() {
        return ring.active;
    }

    @Override
    public JWKSet published() {
        return ring.published;
    }

    /** Takes over what has changed in the database. */
    @Scheduled(fixedRate = 5, initialDelay = 5, timeUnit = TimeUnit.SECONDS)
    void reload() {
        if (!reloading.tryLock()) {
            return;
        }
        try {
            List<SealedKey> stored = table.of(issuer.value());
            if (!states(stored).equals(ring.states)) {
                ring = open(stored);
                log.info("signing keys changed; {} signs now", ring.active.getKeyID());
            }
        } catch (BrokenSealException | RuntimeException e) {
            log.warn("signing keys stay as they are: {}", e.getMessage());
        } finally {
            reloading.unlock();
        }
    }

    private List<SealedKey> firstKeys() {
        List<SealedKey> stored = table.of(issuer.value());
        if (stored.stream().anyMatch(key -> key.state() == KeyState.ACTIVE)) {
            return stored;
        }
        table.addFirst(seal.seal(issuer.value(), KeyState.ACTIVE, generate()));
        return table.of(issuer.value());
    }

    private RSAKey generate() {
        try {
            return new RSAKeyGenerator(RSA_BITS)
                    .secureRandom(random)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private Ring open(List<SealedKey> stored) throws BrokenSealException {
        List<RSAKey> opened = new ArrayList<>();
        for (SealedKey key : stored) {
            opened.add(seal.open(key));
        }
        if (stored.isEmpty() || stored.getFirst().state() != KeyState.ACTIVE) {
            throw new IllegalStateException("there is no active signing key");
        }
        return new Ring(opened.getFirst(), new JWKSet(List.copyOf(opened)).toPublicJWKSet(), states(stored));
    }

    private static List<String> states(List<SealedKey> stored) {
        return stored.stream().map(key -> key.kid() + " " + key.state()).toList();
    }

    /** The opened keys of one moment. Not a record: its text must not show the private key. */
    private static final class Ring {
        private final RSAKey active;

        private final JWKSet published;

        private final List<String> states;

        private Ring(RSAKey active, JWKSet published, List<String> states) {
            this.active = active;
            this.published = published;
            this.states = states;
        }
    }
}
