package dev.gatehouse.verifier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock and a monotonic clock that stand still until the test moves them, together. */
final class TestClock implements InstantSource {

    private final AtomicLong millis =
            new AtomicLong(Instant.parse("2026-11-23T10:00:00Z").toEpochMilli());

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    long nanos() {
        return millis.get() * 1_000_000;
    }

    long second() {
        return instant().getEpochSecond();
    }

    void advance(Duration by) {
        millis.addAndGet(by.toMillis());
    }

    Stopwatch stopwatch() {
        return new Stopwatch(this, this::nanos);
    }
}
