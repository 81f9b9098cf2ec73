package dev.gatehouse.server.overload;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The line in which requests wait for a processor. Every request runs on a virtual thread of its own, so when more come than can be worked it is
 * the scheduler's line of threads not yet begun that grows, in front of every filter; a limit on what is worked at once never sees it, since work
 * that needs nothing but a processor is never more than there are processors. So the wait is measured here, from the moment when the connection
 * has something to read, and who has waited too long is told so by the first filter that knows what is asked.
 */
final class WaitingLine implements Executor {
    /** For how long the request of this thread has waited; there only when that is too long. */
    private static final ThreadLocal<Long> TOO_LONG = new ThreadLocal<>();

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
            long now = nanoTime.getAsLong();
            if (delay.isTooLong(now - joined, now)) {
                TOO_LONG.set(now - joined);
            }
            work.run();
        });
    }

    /** For how many nanoseconds this thread's request has waited, if that is too long, or 0. Asked once: a thread may go on to its connection's next. */
    static long tooLong() {
        Long waited = TOO_LONG.get();
        if (waited == null) {
            return 0;
        }
        TOO_LONG.remove();
        return waited;
    }
}
