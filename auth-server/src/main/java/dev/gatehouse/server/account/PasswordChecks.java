package dev.gatehouse.server.account;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a bounded number of password hashes at once, so that a storm of logins cannot starve the token endpoint.
 *
 * <p>They run on threads of the operating system: a virtual thread that only computes keeps its processor from all others until it
 * is done. Who would have to wait longer than people do, by how long a check took lately, is told so at once and waits for nothing.
 * Those whose turn comes first go first; but of four checks one is always from the other queue, so that neither starves.
 */
final class PasswordChecks implements AutoCloseable {
    private static final int FIRST_OF_FOUR = 3;

    /** An average over some ten checks. */
    private static final int WEIGHT = 8;

    private final int atOnce;

    private final Duration patience;

    private final LongSupplier nanoTime;

    private final Waiting first = new Waiting();

    private final Waiting inOrder = new Waiting();

    /** How many wait or run. */
    private final AtomicInteger inside = new AtomicInteger();

    private final Semaphore waiting = new Semaphore(0);

    private final AtomicLong averageNanos = new AtomicLong();

    private final AtomicInteger preferred = new AtomicInteger();

    private final List<Thread> threads = new ArrayList<>();

    PasswordChecks(int atOnce, Duration patience) {
        this(
                atOnce,
                patience,
                Thread.ofPlatform().name("password-check").daemon().factory(),
                System::nanoTime);
    }

    PasswordChecks(int atOnce, Duration patience, ThreadFactory factory, LongSupplier nanoTime) {
        this.atOnce = atOnce;
        this.patience = patience;
        this.nanoTime = nanoTime;
        for (int i = 0; i < atOnce; i++) {
            Thread thread = factory.newThread(this::work);
            threads.add(thread);
            thread.start();
        }
    }

    /** The result of the work, which no more than the bound do at once. */
    <T> T run(Supplier<T> work) {
        return run(Turn.IN_ORDER, work);
    }

    <T> T run(Turn turn, Supplier<T> work) {
        if (!hasRoom(turn)) {
            throw new PasswordCheckBusy();
        }
        PasswordCheck<T> check = new PasswordCheck<>(work);
        boolean begins = inside.incrementAndGet() <= atOnce;
        queue(turn).add(check);
        waiting.release();
        return begins ? check.await() : check.await(patience);
    }

    /** Whether a check that came now would be done in the time that people wait. */
    boolean hasRoom(Turn turn) {
        int before = queue(turn).size();
        return before == 0 || before * averageNanos.get() / atOnce < patience.toNanos();
    }

    /** How many wait for this turn. */
    int waiting(Turn turn) {
        return queue(turn).size();
    }

    private Waiting queue(Turn turn) {
        return turn == Turn.FIRST ? first : inOrder;
    }

    private void work() {
        try {
            while (true) {
                waiting.acquire();
                PasswordCheck<?> next = next();
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

    /** There is one for each permit, in one queue or the other. */
    private PasswordCheck<?> next() {
        boolean othersTurn = preferred.get() >= FIRST_OF_FOUR;
        Waiting wanted = othersTurn ? inOrder : first;
        PasswordCheck<?> check = null;
        while (check == null) {
            check = wanted.poll();
            if (check != null) {
                preferred.set(wanted == first ? preferred.get() + 1 : 0);
            }
            wanted = wanted == first ? inOrder : first;
        }
        return check;
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

    /** Checks in the order in which they came, and how many there are. */
    private static final class Waiting {
        private final Queue<PasswordCheck<?>> checks = new ConcurrentLinkedQueue<>();

        private final AtomicInteger size = new AtomicInteger();

        void add(PasswordCheck<?> check) {
            size.incrementAndGet();
            checks.add(check);
        }

        @Nullable
        PasswordCheck<?> poll() {
            PasswordCheck<?> check = checks.poll();
            if (check != null) {
                size.decrementAndGet();
            }
            return check;
        }

        int size() {
            return size.get();
        }
    }
}
