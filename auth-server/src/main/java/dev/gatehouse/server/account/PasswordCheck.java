package dev.gatehouse.server.account;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One password check that waits for its turn, is done, or is given up: what was given up is not begun, and the other way round. */
final class PasswordCheck<T> {
    private final Supplier<T> work;

    private final AtomicBoolean decided = new AtomicBoolean();

    private final CompletableFuture<T> result = new CompletableFuture<>();

    PasswordCheck(Supplier<T> work) {
        this.work = work;
    }

    /** Does the work, unless nobody waits for it any more. Whether it did. */
    boolean run() {
        if (!decided.compareAndSet(false, true)) {
            return false;
        }
        try {
            result.complete(work.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
        return true;
    }

    /** The result of a check that begins at once. */
    T await() {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException("a password check failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PasswordCheckBusy();
        }
    }

    /** The result, if the check begins in time; what has begun is waited for to its end. */
    T await(Duration patience) {
        if (!isBegunWithin(patience)) {
            throw new PasswordCheckBusy();
        }
        return await();
    }

    private boolean isBegunWithin(Duration patience) {
        try {
            result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return !decided.compareAndSet(false, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !decided.compareAndSet(false, true);
        }
    }
}
