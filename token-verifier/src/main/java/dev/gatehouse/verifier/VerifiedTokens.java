package dev.gatehouse.verifier;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Good tokens that came more than once, by their whole text, so that they need not be parsed and their signatures not
 * be verified again. What changes with time is for the caller to check each time.
 *
 * <p>Only a token that is good is ever offered, and it is kept when it comes a second time within a while; so a flood of
 * bad tokens, or of good ones that come once, changes nothing. When there is no room, a newcomer takes the place of one
 * that has not been found since it came in, or not in this era or the last, an era being ten seconds; it looks
 * at a few heads of a queue only, and is turned away when all of them are in use. So nothing pushes out a token that
 * comes every few seconds. Finding a token takes no lock; a newcomer that meets another one at the lock is turned away
 * too, and comes in the next time.
 */
final class VerifiedTokens {

    private static final int HEADS_LOOKED_AT = 8;
    private static final int WEIGHT_FOR_A_MARK = 256;
    private static final int MOST_MARKS = 1 << 20;
    private static final long NANOS_OF_AN_ERA = 10_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;

    private final long mostWeight;
    private final Predicate<CheckedToken> good;
    private final LongSupplier nanoTime;
    private final SeenLately seen;
    private final Map<String, Kept> tokens = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final ReentrantLock admission = new ReentrantLock();
    private final Deque<Kept> queue = new ArrayDeque<>();
    private long weight;
    private volatile long era;

    /** A token, and the era in which it was found last. */
    private static final class Kept {
        private final CheckedToken token;
        private volatile long found = NEVER;

        private Kept(CheckedToken token) {
            this.token = token;
        }

        /** Written once in an era, so that many threads can read it. */
        private void foundIn(long era) {
            if (found != era) {
                found = era;
            }
        }
    }

    /**
     * @param mostWeight how much all that is held may weigh; nothing is held when it is zero
     * @param good whether a token is still worth its place
     * @param key a random number that callers cannot guess
     */
    VerifiedTokens(long mostWeight, Predicate<CheckedToken> good, LongSupplier nanoTime, long key) {
        this.mostWeight = mostWeight;
        this.good = good;
        this.nanoTime = nanoTime;
        this.seen = new SeenLately((int) Math.min(mostWeight / WEIGHT_FOR_A_MARK, MOST_MARKS), key);
        this.era = presentEra();
    }

    @Nullable
    CheckedToken find(@Nullable String text) {
        Kept kept = text == null || mostWeight == 0 ? null : tokens.get(text);
        if (kept == null) {
            misses.increment();
            return null;
        }
        hits.increment();
        kept.foundIn(era);
        return kept.token;
    }

    /** A good token that was not found came; it may be found from now on. */
    void offer(CheckedToken token) {
        if (token.weight() > mostWeight || !seen.again(token.text()) || !admission.tryLock()) {
            return;
        }
        try {
            beginEraWhenDue();
            if (makeRoom(token.weight())) {
                admit(new Kept(token));
            }
        } finally {
            admission.unlock();
        }
    }

    /** Its place in the queue, and with it its weight, goes when it comes to the head or is swept. */
    void remove(CheckedToken token) {
        tokens.computeIfPresent(token.text(), (text, kept) -> kept.token == token ? null : kept);
    }

    private void admit(Kept newcomer) {
        if (tokens.putIfAbsent(newcomer.token.text(), newcomer) == null) {
            queue.addLast(newcomer);
            weight += newcomer.token.weight();
        }
    }

    private boolean makeRoom(long wanted) {
        for (int looked = 0; weight + wanted > mostWeight; looked++) {
            Kept head = queue.pollFirst();
            if (head == null || looked == HEADS_LOOKED_AT) {
                putBack(head);
                return false;
            }
            if (isKept(head) && head.found >= era - 1) {
                queue.addLast(head);
            } else {
                drop(head);
            }
        }
        return true;
    }

    private void putBack(@Nullable Kept head) {
        if (head != null) {
            queue.addFirst(head);
        }
    }

    private void beginEraWhenDue() {
        long now = presentEra();
        if (now != era) {
            era = now;
            queue.removeIf(this::dropUnlessGood);
        }
    }

    private long presentEra() {
        return Math.floorDiv(nanoTime.getAsLong(), NANOS_OF_AN_ERA);
    }

    private boolean dropUnlessGood(Kept kept) {
        if (isKept(kept) && good.test(kept.token)) {
            return false;
        }
        drop(kept);
        return true;
    }

    private boolean isKept(Kept kept) {
        return tokens.get(kept.token.text()) == kept;
    }

    private void drop(Kept kept) {
        tokens.remove(kept.token.text(), kept);
        weight -= kept.token.weight();
    }

    /** How many tokens are held. */
    long size() {
        return tokens.size();
    }

    /** How much everything weighs that is in memory because of it. */
    long weight() {
        admission.lock();
        try {
            return weight;
        } finally {
            admission.unlock();
        }
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }
}
