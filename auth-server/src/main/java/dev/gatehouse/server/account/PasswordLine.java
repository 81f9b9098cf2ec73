package dev.gatehouse.server.account;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Password checks that wait in line for one of a few threads. Who would have to wait too long, by how long a check took lately, is told so at once. */
final class PasswordLine implements AutoCloseable {
    /** An average over some ten checks. */
    private static final int WEIGHT = 8;

    /** Fewer than there are places for pages, so that a line never keeps others from theirs. */
    private static final int MOST_WAITING = 96;

    private final int atOnce;

    private final Duration patience;

    private final LongSupplier nanoTime;

    private final BlockingQueue<PasswordCheck<?>> waiting = new LinkedBlockingQueue<>();

    /** How many wait or run. */
    private final AtomicInteger inside = new AtomicInteger();

    private final AtomicLong averageNanos = new AtomicLong();

    private final List<Thread> threads = new ArrayList<>();

    PasswordLine(int atOnce, Duration patience, ThreadFactory factory, LongSupplier nanoTime) {
        this.atOnce = atOnce;
        this.patience = patience;
        this.nanoTime = nanoTime;
        for (int i = 0; i < atOnce; i++) {
            Thread thread = factory.newThread(this::work);
            threads.add(thread);
            thread.start();
        }
    }

    <T> T run(Supplier<T> work) {
        if (!hasRoom()) {
            throw new PasswordCheckBusy();
        }
        PasswordCheck<T> check = new PasswordCheck<>(work);
        boolean begins = inside.incrementAndGet() <= atOnce;
        waiting.add(check);
        return begins ? check.await() : check.await(patience);
    }

    /** Whether a check that came now would begin in the time that people wait. */
    boolean hasRoom() {
        return hasRoom(0);
    }

    /** The same when so many others came lately, who may be on their way to it, wait in it or have begun. */
    boolean hasRoom(int cameLately) {
        int before = Math.max(waiting.size(), cameLately - atOnce);
        return before <= 0 || (before < MOST_WAITING && before * averageNanos.get() / atOnce < patience.toNanos());
    }

    int waiting() {
        return waiting.size();
    }

    private void work() {
        try {
            while (true) {
                PasswordCheck<?> next = waiting.take();
                long begun = nanoTime.getAsLong();
                if (next.run()) {
                    long took = nanoTime.getAsLong() - begun;
                    averageNanos.updateAndGet(average -> average == 0 ? took : average + (took - average) / WEIGHT);
                }
                inside.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
