package dev.gatehouse.server.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is due for the signing keys, told from their table and the time alone.
 *
 * @param algorithms those that there is to be a key for
 * @param rotateEvery how long each key signs
 * @param publishLead how long before it signs a key is published, at least
 * @param publishedAfter how long after its retirement a key is published: until its last token has expired
 * @param keptAfter how long after that it is known here
 */
record KeySchedule(
        Set<SigningAlgorithm> algorithms,
        Duration rotateEvery,
        Duration publishLead,
        Duration publishedAfter,
        Duration keptAfter) {
    /** So many retired keys are kept at most, beyond those that are published. */
    private static final int KEPT = 16;

    KeySchedule {
        algorithms = Set.copyOf(algorithms);
    }

    /** Something that is to be done with the keys. */
    sealed interface Step {}

    record Create(SigningAlgorithm algorithm, KeyState state, Instant activatesAt) implements Step {}

    /** Lets a key sign, in place of the one that does. */
    record Activate(StoredKey next) implements Step {}

    /** Lets a key sign earlier than was planned. */
    record Advance(StoredKey next, Instant activatesAt) implements Step {}

    record Retire(StoredKey key) implements Step {}

    record Delete(StoredKey key) implements Step {}

    /** One step for each algorithm at most; what is due after it shows when it has been done. */
    List<Step> due(List<StoredKey> keys, Instant now) {
        List<Step> due = new ArrayList<>();
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            List<StoredKey> its =
                    keys.stream().filter(key -> key.algorithm() == algorithm).toList();
            (algorithms.contains(algorithm) ? due(algorithm, its, now) : dueWithout(its, now)).ifPresent(due::add);
        }
        old(keys, now).forEach(key -> due.add(new Delete(key)));
        return due;
    }

    private Optional<Step> due(SigningAlgorithm algorithm, List<StoredKey> keys, Instant now) {
        Optional<StoredKey> ready = ready(keys, now);
        Optional<StoredKey> active = active(keys);
        Optional<StoredKey> next = next(keys);
        if (ready.isPresent()) {
            return Optional.of(new Activate(ready.get()));
        }
        if (active.isEmpty()) {
            // Nobody can sign: lead or not, the next key has to, or one that nobody knows yet.
            return Optional.of(
                    next.<Step>map(Activate::new).orElseGet(() -> new Create(algorithm, KeyState.ACTIVE, now)));
        }
        if (next.isPresent()) {
            Instant planned = later(active.get().activatesAt().plus(rotateEvery), soonest(next.get()));
            if (planned.isBefore(next.get().activatesAt())) {
                return Optional.of(new Advance(next.get(), planned));
            }
        }
        Instant last = keys.stream()
                .filter(key -> key.state().maySign())
                .map(StoredKey::activatesAt)
                .max(Comparator.naturalOrder())
                .orElse(now);
        Instant successor = last.plus(rotateEvery);
        Instant soonest = now.plus(publishLead);
        return next.isEmpty() || !successor.isAfter(soonest)
                ? Optional.of(new Create(algorithm, KeyState.NEXT, later(successor, soonest)))
                : Optional.empty();
    }

    /** When everybody knows the key. */
    Instant soonest(StoredKey next) {
        return next.createdAt().plus(publishLead);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /**
     * An algorithm that this replica is not configured for may be another's, which is configured already, or still: its keys
     * go only when their time is over.
     */
    private static Optional<Step> dueWithout(List<StoredKey> keys, Instant now) {
        return ready(keys, now).isPresent() ? active(keys).or(() -> next(keys)).map(Retire::new) : Optional.empty();
    }

    /** The latest key whose time to sign has come. */
    private static Optional<StoredKey> ready(List<StoredKey> keys, Instant now) {
        return keys.stream()
                .filter(key -> key.is(KeyState.NEXT) && !key.activatesAt().isAfter(now))
                .max(Comparator.comparing(StoredKey::activatesAt));
    }

    static Optional<StoredKey> next(List<StoredKey> keys) {
        return keys.stream().filter(key -> key.is(KeyState.NEXT)).min(Comparator.comparing(StoredKey::activatesAt));
    }

    static Optional<StoredKey> active(List<StoredKey> keys) {
        return keys.stream().filter(key -> key.is(KeyState.ACTIVE)).findFirst();
    }

    private List<StoredKey> old(List<StoredKey> keys, Instant now) {
        List<StoredKey> unpublished = keys.stream()
                .filter(key -> isRetiredFor(publishedAfter, key, now))
                .sorted(Comparator.comparing(StoredKey::activatesAt).reversed())
                .toList();
        List<StoredKey> old = new ArrayList<>();
        for (int i = 0; i < unpublished.size(); i++) {
            if (i >= KEPT || isRetiredFor(publishedAfter.plus(keptAfter), unpublished.get(i), now)) {
                old.add(unpublished.get(i));
            }
        }
        return old;
    }

    boolean isPublished(StoredKey key, Instant now) {
        return switch (key.state()) {
            case NEXT, ACTIVE -> true;
            case RETIRED -> !isRetiredFor(publishedAfter, key, now);
            case COMPROMISED -> false;
        };
    }

    /** Whether tokens under a key that ended then may still be about. */
    boolean isRecent(@Nullable Instant ended, Instant now) {
        return ended != null && now.isBefore(ended.plus(publishedAfter));
    }

    private static boolean isRetiredFor(Duration time, StoredKey key, Instant now) {
        Instant since = key.retiredAt();
        return since != null && !now.isBefore(since.plus(time));
    }
}
