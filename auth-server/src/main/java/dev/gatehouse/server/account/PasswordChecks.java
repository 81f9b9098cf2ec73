package dev.gatehouse.server.account;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs a bounded number of password hashes at once, so that a storm of logins cannot starve the token endpoint. They run on
 * threads of the operating system: a virtual thread that only computes keeps its processor from all others until it is done.
 */
final class PasswordChecks implements AutoCloseable {
    private final Semaphore permits;

    private final Duration patience;

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("password-check").daemon().factory());

    PasswordChecks(int atOnce, Duration patience) {
        this.permits = new Semaphore(atOnce, true);
        this.patience = patience;
    }

    /** The result of the work, which no more than the bound do at once. */
    <T> T run(Supplier<T> work) {
        try {
            if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PasswordCheckBusy();
            }
            return start(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PasswordCheckBusy();
        }
    }

    /** The permit comes back when the work ends, also when nobody waits for it any more. */
    private <T> T start(Supplier<T> work) throws InterruptedException {
        try {
            return threads.submit(() -> {
                        try {
                            return work.get();
                        } finally {
                            permits.release();
                        }
                    })
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException("a password check failed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
