package dev.gatehouse.verifier;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the issuer how far this verifier has got, on a thread of its own, so that following the feed never waits for it:
 * one acknowledgement at a time, at most five in a second, each for everything that was applied until then.
 */
final class Acknowledgements implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Acknowledgements.class);
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    /** What is to be acknowledged: everything up to the last, of which the first was applied at a time. */
    private record Applied(Position first, Position last, long firstAt) {}

    private final String verifier;
    private final IssuerEndpoints endpoints;
    private final IssuerClient client;
    private final LongSupplier nanoTime;
    private final Thread thread = new Thread(this::run, "gatehouse-acknowledgements");
    private @Nullable Applied waiting;

    /** @param verifier the name under which the feed is followed */
    Acknowledgements(String verifier, IssuerEndpoints endpoints, IssuerClient client, LongSupplier nanoTime) {
        this.verifier = verifier;
        this.endpoints = endpoints;
        this.client = client;
        this.nanoTime = nanoTime;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Everything from the first to the last entry has been applied. */
    synchronized void applied(Position first, Position last) {
        add(new Applied(first, last, nanoTime.getAsLong()));
    }

    private synchronized void add(Applied more) {
        Applied held = waiting;
        if (held == null) {
            waiting = more;
        } else if (held.last().compareTo(more.last()) < 0) {
            waiting = new Applied(held.first(), more.last(), held.firstAt());
        } else {
            waiting = new Applied(more.first(), held.last(), more.firstAt());
        }
        notifyAll();
    }

    private synchronized Applied take() throws InterruptedException {
        while (waiting == null) {
            wait();
        }
        Applied taken = waiting;
        waiting = null;
        return taken;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep((acknowledge(take()) ? BETWEEN : AFTER_FAILURE).toMillis());
            }
        } catch (InterruptedException closed) {
            log.debug("The issuer is no longer told how far this verifier has got");
        }
    }

    private boolean acknowledge(Applied applied) throws InterruptedException {
        long held = Math.max(0, (nanoTime.getAsLong() - applied.firstAt()) / 1_000_000);
        try {
            client.postAcknowledgement(
                    endpoints.applied(),
                    "verifier=" + verifier + "&position=" + applied.last() + "&first=" + applied.first() + "&held_ms="
                            + held,
                    DEADLINE);
            return true;
        } catch (IOException | RuntimeException failure) {
            log.debug("The issuer could not be told how far this verifier has got: {}", failure.toString());
            add(applied);
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
