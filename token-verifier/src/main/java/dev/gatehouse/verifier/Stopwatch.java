package dev.gatehouse.verifier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Measures time by two clocks and believes the one that says more. The monotonic clock stands still while the machine
 * is suspended and the wall clock can be set back, but both would have to be wrong to make old knowledge look fresh.
 */
record Stopwatch(InstantSource clock, LongSupplier nanoTime) {

    /** When something happened, by both clocks. */
    record Mark(long nanos, Instant instant) {}

    Mark mark() {
        return new Mark(nanoTime.getAsLong(), clock.instant());
    }

    Duration since(Mark mark) {
        Duration monotonic = Duration.ofNanos(nanoTime.getAsLong() - mark.nanos());
        Duration wall = Duration.between(mark.instant(), clock.instant());
        return monotonic.compareTo(wall) > 0 ? monotonic : wall;
    }
}
