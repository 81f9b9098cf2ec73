package dev.gatehouse.server.ratelimit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps callers from waiting for a Redis that does not answer: after a failure one caller a second tries it. */
final class Circuit {
    private static final Logger log = LoggerFactory.getLogger(Circuit.class);

    private static final long PAUSE_MILLIS = Duration.ofSeconds(1).toMillis();

    private static final long CLOSED = 0;

    private final AtomicLong openUntil = new AtomicLong(CLOSED);

    private final InstantSource clock;

    Circuit(InstantSource clock) {
        this.clock = clock;
    }

    boolean isOpen() {
        return openUntil.get() != CLOSED;
    }

    boolean mayTry() {
        long until = openUntil.get();
        long now = clock.millis();
        return until == CLOSED || (now >= until && openUntil.compareAndSet(until, now + PAUSE_MILLIS));
    }

    void failed(RuntimeException reason) {
        if (openUntil.getAndSet(clock.millis() + PAUSE_MILLIS) == CLOSED) {
            log.warn("Redis does not answer; limits are counted by this server alone: {}", reason.toString());
        }
    }

    void succeeded() {
        if (openUntil.get() != CLOSED && openUntil.getAndSet(CLOSED) != CLOSED) {
            log.info("Redis answers again; limits are shared");
        }
    }
}
