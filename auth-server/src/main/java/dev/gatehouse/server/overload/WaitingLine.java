package dev.gatehouse.server.overload;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The line in which requests wait for a processor. Every request runs on a virtual thread of its own, so when more come than can be worked it is
 * the scheduler's line of threads not yet begun that grows, in front of every filter; a limit on what is worked at once never sees it, since work
 * that needs nothing but a processor is never more than there are processors. So the wait is measured here, from the moment when the connection
 * has something to read, and who has waited too long is told so by the first filter that knows what is asked. A connection's first request is
 * worked on at once, since it has waited; each further one that is there already joins the line anew.
 */
final class WaitingLine implements Executor {
    /** What this thread knows of its connection's wait. */
    private static final ThreadLocal<Turn> TURN = new ThreadLocal<>();

    private final Executor threads;

    private final ControlledDelay delay;

    private final LongSupplier nanoTime;

    WaitingLine(Executor threads, ControlledDelay delay, LongSupplier nanoTime) {
        this.threads = threads;
        this.delay = delay;
        this.nanoTime = nanoTime;
    }

    @Override
    public void execute(Runnable work) {
        long joined = nanoTime.getAsLong();
        threads.execute(() -> {
            TURN.set(new Turn(joined));
            work.run();
        });
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

        Turn(long joined) {
            begin(joined);
        }

        private void begin(long joined) {
            long now = nanoTime.getAsLong();
            tooLong = delay.isTooLong(now - joined, now) ? now - joined : 0;
        }

        @SuppressWarnings(
                "ThreadPriorityCheck") // among virtual threads this is no hint: the thread goes to the end of the line
        void next() {
            if (first) {
                first = false;
                return;
            }
            long joined = nanoTime.getAsLong();
            Thread.yield();
            begin(joined);
        }

        long takeTooLong() {
            long taken = tooLong;
            tooLong = 0;
            return taken;
        }
    }
}
