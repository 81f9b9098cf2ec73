package dev.gatehouse.server.overload;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The line in which requests wait for a processor. Every request runs on a virtual thread of its own, so when more come than can be worked it is
 * the scheduler's line of threads not yet begun that grows, in front of every filter; a limit on what is worked at once never sees it, since work
 * that needs nothing but a processor is never more than there are processors. So the wait is measured here, from the moment when the connection
 * has something to read, and who has waited too long is told so by the first filter that knows what is asked. A connection's first request is
 * worked on at once, since it has waited; each further one that is there already joins the line anew: the scheduler would let a thread that
 * yields go before all that have not begun, for ever if there are several, so such a thread sleeps until everybody who was there before it has begun.
 */
final class WaitingLine implements Executor {
    /** What this thread knows of its connection's wait. */
    private static final ThreadLocal<Turn> TURN = new ThreadLocal<>();

    private final Executor threads;

    private final ControlledDelay delay;

    private final LongSupplier nanoTime;

    private final AtomicLong joined = new AtomicLong();

    private final AtomicLong begun = new AtomicLong();

    private final Queue<Sleeper> sleepers = new ConcurrentLinkedQueue<>();

    WaitingLine(Executor threads, ControlledDelay delay, LongSupplier nanoTime) {
        this.threads = threads;
        this.delay = delay;
        this.nanoTime = nanoTime;
    }

    @Override
    public void execute(Runnable work) {
        long since = nanoTime.getAsLong();
        joined.incrementAndGet();
        try {
            threads.execute(() -> {
                oneHasBegun();
                TURN.set(new Turn(since));
                work.run();
            });
        } catch (RuntimeException | Error e) {
            oneHasBegun();
            throw e;
        }
    }

    private void oneHasBegun() {
        begun.incrementAndGet();
        wake();
    }

    /** In the order in which they went to sleep. */
    private void wake() {
        Sleeper first = sleepers.peek();
        while (first != null && first.until <= begun.get()) {
            if (sleepers.remove(first)) {
                first.awake = true;
                LockSupport.unpark(first.thread);
            }
            first = sleepers.peek();
        }
    }

    /** Until all that have joined have begun, or the thread is interrupted. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // among virtual threads this is no hint: the thread goes behind others that have
    // begun
    private void letOthersGoFirst() {
        Sleeper sleeper = new Sleeper(joined.get());
        if (sleeper.until <= begun.get()) {
            Thread.yield();
            return;
        }
        sleepers.add(sleeper);
        wake();
        while (!sleeper.awake && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
    }

    /** A thread that sleeps until so many have begun. */
    private static final class Sleeper {
        private final long until;

        private final Thread thread = Thread.currentThread();

        private volatile boolean awake;

        Sleeper(long until) {
            this.until = until;
        }
    }

    /** Joins the line, unless this is the request that the thread has waited for. */
    static void waitForTurn() {
        Turn turn = TURN.get();
        if (turn != null) {
            turn.next();
        }
    }

    /** For how many nanoseconds this thread's request has waited, if that is too long, or 0. Asked once for each request. */
    static long tooLong() {
        Turn turn = TURN.get();
        return turn == null ? 0 : turn.takeTooLong();
    }

    /** A connection that is worked on: how long it has waited, if that is too long. */
    private final class Turn {
        private boolean first = true;

        private long tooLong;

        Turn(long since) {
            begin(since);
        }

        private void begin(long since) {
            long now = nanoTime.getAsLong();
            tooLong = delay.isTooLong(now - since, now) ? now - since : 0;
        }

        void next() {
            if (first) {
                first = false;
                return;
            }
            long since = nanoTime.getAsLong();
            letOthersGoFirst();
            begin(since);
        }

        long takeTooLong() {
            long taken = tooLong;
            tooLong = 0;
            return taken;
        }
    }
}
