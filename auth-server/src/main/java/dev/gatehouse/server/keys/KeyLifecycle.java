package dev.gatehouse.server.keys;

import dev.gatehouse.server.keys.KeySchedule.Activate;
import dev.gatehouse.server.keys.KeySchedule.Advance;
import dev.gatehouse.server.keys.KeySchedule.Create;
import dev.gatehouse.server.keys.KeySchedule.Delete;
import dev.gatehouse.server.keys.KeySchedule.Retire;
import dev.gatehouse.server.keys.KeySchedule.Step;
import dev.gatehouse.server.keys.Seal.BrokenSealException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Changes the stored keys. Every replica does what is due; a lock that ends with its transaction lets one of them at a time
 * look again and do it, so that nothing is done twice and nothing half, whoever dies when.
 */
final class KeyLifecycle {
    private static final Logger log = LoggerFactory.getLogger(KeyLifecycle.class);

    private final KeyTable table;

    private final KeyVault vault;

    private final KeySchedule schedule;

    private final TransactionOperations transaction;

    private final InstantSource clock;

    private final EndedKeys ended;

    KeyLifecycle(
            KeyTable table,
            KeyVault vault,
            KeySchedule schedule,
            TransactionOperations transaction,
            InstantSource clock) {
        this.table = table;
        this.vault = vault;
        this.schedule = schedule;
        this.transaction = transaction;
        this.clock = clock;
        this.ended = new EndedKeys(vault);
    }

    private interface Change {
        void change(Turn turn) throws BrokenSealException;
    }

    /** The keys, after what is due has been done. */
    List<StoredKey> keep() throws BrokenSealException {
        List<StoredKey> stored = table.all();
        boolean nothingIsDue =
                schedule.due(stored, now()).isEmpty() && stored.stream().noneMatch(vault::isOutdated);
        List<StoredKey> keys = nothingIsDue ? stored : inTurn(_ -> {});
        ended.destroy(keys, now());
        return keys;
    }

    /** Lets the next key of the algorithm sign as soon as everybody knows it, and says when that is. */
    Optional<Instant> rotate(SigningAlgorithm algorithm) throws BrokenSealException {
        List<Instant> moments = new ArrayList<>();
        inTurn(turn -> KeySchedule.next(turn.of(algorithm)).ifPresent(next -> {
            Instant soonest = schedule.soonest(next);
            Instant moment = soonest.isAfter(turn.now) ? soonest : turn.now;
            table.update(next.withActivation(moment));
            moments.add(moment);
        }));
        return moments.stream().findFirst();
    }

    /** Lets a key sign no more and be published no more, at once; false when there is no such key. */
    boolean compromise(String kid) throws BrokenSealException {
        List<StoredKey> found = new ArrayList<>();
        inTurn(turn -> {
            for (StoredKey key : table.all()) {
                if (key.kid().equals(kid)) {
                    found.add(key);
                    if (!key.is(KeyState.COMPROMISED)) {
                        turn.end(key, KeyState.COMPROMISED);
                    }
                }
            }
        });
        return !found.isEmpty();
    }

    private List<StoredKey> inTurn(Change change) throws BrokenSealException {
        Turn turn = new Turn(now());
        return transaction.execute(_ -> {
            table.lock();
            try {
                change.change(turn);
                turn.doWhatIsDue();
                return table.all();
            } catch (BrokenSealException e) {
                throw new BrokenInTurn(e);
            }
        });
    }

    private Instant now() {
        // PostgreSQL keeps microseconds; what is compared with them should be no finer.
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Rolls the transaction back. */
    static final class BrokenInTurn extends RuntimeException {
        BrokenInTurn(BrokenSealException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** One replica's turn, while it holds the lock. */
    private final class Turn {
        private final Instant now;

        Turn(Instant now) {
            this.now = now;
        }

        List<StoredKey> of(SigningAlgorithm algorithm) {
            return table.all().stream()
                    .filter(key -> key.algorithm() == algorithm)
                    .toList();
        }

        void doWhatIsDue() throws BrokenSealException {
            for (StoredKey key : table.all()) {
                if (vault.isOutdated(key)) {
                    table.update(vault.sealAnew(key));
                }
            }
            List<Step> due = schedule.due(table.all(), now);
            while (!due.isEmpty()) {
                for (Step step : due) {
                    take(step);
                }
                due = schedule.due(table.all(), now);
            }
        }

        private void take(Step step) throws BrokenSealException {
            switch (step) {
                case Create create -> create(create);
                case Activate activate -> activate(activate.next());
                case Advance advance -> table.update(advance.next().withActivation(advance.activatesAt()));
                case Retire retire -> end(retire.key(), KeyState.RETIRED);
                case Delete delete -> table.delete(delete.key().kid());
            }
        }

        private void create(Create create) {
            StoredKey key = vault.make(create.algorithm(), create.state(), now, create.activatesAt());
            table.add(key);
            log.info(
                    "signing key {} made for {}, to sign from {}",
                    key.kid(),
                    key.algorithm().value(),
                    key.activatesAt());
        }

        /** Those that were to sign before it and have missed their time never will. */
        private void activate(StoredKey next) throws BrokenSealException {
            for (StoredKey key : of(next.algorithm())) {
                boolean missed = key.is(KeyState.NEXT) && key.activatesAt().isBefore(next.activatesAt());
                if (missed || key.is(KeyState.ACTIVE)) {
                    end(key, KeyState.RETIRED);
                }
            }
            table.update(vault.change(next, KeyState.ACTIVE, now));
            log.info(
                    "signing key {} signs now by {}",
                    next.kid(),
                    next.algorithm().value());
        }

        void end(StoredKey key, KeyState state) throws BrokenSealException {
            table.update(vault.change(key, state, now));
            log.info("signing key {} is {}", key.kid(), state.value());
        }
    }
}
