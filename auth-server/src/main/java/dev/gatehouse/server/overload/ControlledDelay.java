package dev.gatehouse.server.overload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells a line that stands from one that a burst has made: CoDel's rule, RFC 8289, as servers use it. A burst passes, however long, since its
 * first requests have hardly waited; where for a whole interval nobody was quick, more comes than is worked, and waiting would only make
 * every answer late. From then on whoever has waited for more than half of the bound is too late, until somebody has waited for less than a quarter.
 */
final class ControlledDelay {
    private static final long INTERVAL = Duration.ofMillis(500).toNanos();

    private final long bound;

    private final AtomicLong intervalEnds;

    private final AtomicLong least = new AtomicLong();

    private volatile boolean stands;

    ControlledDelay(Duration bound, long now) {
        this.bound = bound.toNanos();
        this.intervalEnds = new AtomicLong(now);
    }

    /**
     * Takes note of what a request has waited for, and says whether that is too long. All in nanoseconds. Without a lock: a virtual thread that
     * has to wait for one goes to the end of the very line that is measured here.
     */
    boolean isTooLong(long waited, long now) {
        long ends = intervalEnds.get();
        if (now - ends >= 0 && intervalEnds.compareAndSet(ends, now + INTERVAL)) {
            // What was seen longer ago than the last interval says nothing about now.
            stands = now - ends < INTERVAL && least.get() > (stands ? bound / 4 : bound);
            least.set(waited);
        } else if (waited < least.get()) {
            least.accumulateAndGet(waited, Math::min);
        }
        return stands && waited > bound / 2;
    }
}
