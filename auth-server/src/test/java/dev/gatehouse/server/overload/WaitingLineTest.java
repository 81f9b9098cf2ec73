package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private static final Duration BOUND = Duration.ofMillis(200);

    private final Queue<Runnable> notBegun = new ArrayDeque<>();

    private final List<Long> found = new ArrayList<>();

    private long nanos;

    /** How much time passes whenever the clock is read. */
    private long eachLook;

    private final WaitingLine line = new WaitingLine(notBegun::add, new ControlledDelay(BOUND, 0), this::look);

    private long look() {
        nanos += eachLook;
        return nanos;
    }

    /** Each asks twice, as two requests on one connection do. */
    private void join() {
        line.execute(() -> {
            found.add(WaitingLine.tooLong());
            found.add(WaitingLine.tooLong());
        });
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private void begin() {
        Objects.requireNonNull(notBegun.poll()).run();
    }

    /** More than a second in which every request that begins has waited for 300 ms; then all who still wait go away. */
    private void overload() {
        for (int i = 0; i < 15; i++) {
            join();
        }
        for (int i = 0; i < 60; i++) {
            join();
            pass(20);
            begin();
        }
        notBegun.clear();
    }

    @Test
    void whoeverHasWaitedTooLongIsToldOnce() {
        overload();
        found.clear();
        join();
        pass(150);
        begin();

        assertThat(found).containsExactly(Duration.ofMillis(150).toNanos(), 0L);
    }

    @Test
    void whoeverHasHardlyWaitedIsToldNothing() {
        overload();
        found.clear();
        join();
        pass(20);
        begin();

        assertThat(found).containsExactly(0L, 0L);
    }

    @Test
    void whatStandsInTheLineIsRunInAnyCase() {
        overload();

        assertThat(found).hasSize(2 * 60);
    }

    @Test
    void aConnectionsFurtherRequestsWaitAnewAndItsFirstDoesNot() {
        overload();
        found.clear();
        line.execute(() -> {
            eachLook = Duration.ofMillis(150).toNanos();
            WaitingLine.waitForTurn();
            found.add(WaitingLine.tooLong());
            WaitingLine.waitForTurn();
            found.add(WaitingLine.tooLong());
        });
        begin();

        assertThat(found).containsExactly(0L, Duration.ofMillis(150).toNanos());
    }
}
