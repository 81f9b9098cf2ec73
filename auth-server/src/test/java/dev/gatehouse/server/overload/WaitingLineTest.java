package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
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

    /** More than a second in which every request that begins has waited for 100 ms at least, and nearly all for 300. */
    private void overload() {
        for (int i = 0; i < 15; i++) {
            join();
        }
        for (int i = 0; i < 55; i++) {
            join();
            pass(20);
            begin();
        }
        pass(100);
        while (!notBegun.isEmpty()) {
            begin();
        }
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
    void aConnectionsFurtherRequestSleepsUntilAllWhoWereThereBeforeHaveBegun() throws Exception {
        CountDownLatch othersWait = new CountDownLatch(1);
        line.execute(() -> {
            WaitingLine.waitForTurn();
            try {
                othersWait.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            WaitingLine.waitForTurn();
        });
        Thread connection = Thread.ofVirtual().start(Objects.requireNonNull(notBegun.poll()));
        join();
        join();
        othersWait.countDown();

        assertThat(connection.join(Duration.ofMillis(100))).isFalse();
        begin();
        assertThat(connection.join(Duration.ofMillis(100))).isFalse();
        begin();
        assertThat(connection.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void nobodySleepsWhileNobodyWaitsNorForWhoWasRefused() throws Exception {
        WaitingLine refusing = new WaitingLine(
                work -> {
                    if (notBegun.isEmpty()) {
                        notBegun.add(work);
                    } else {
                        throw new RejectedExecutionException("shut down");
                    }
                },
                new ControlledDelay(BOUND, 0),
                this::look);
        refusing.execute(() -> {
            WaitingLine.waitForTurn();
            WaitingLine.waitForTurn();
        });
        assertThatThrownBy(() -> refusing.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);

        Thread connection = Thread.ofVirtual().start(Objects.requireNonNull(notBegun.poll()));

        assertThat(connection.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whoeverIsInterruptedSleepsNoLonger() throws Exception {
        line.execute(() -> {
            WaitingLine.waitForTurn();
            WaitingLine.waitForTurn();
        });
        Runnable first = Objects.requireNonNull(notBegun.poll());
        join();
        Thread connection = Thread.ofVirtual().start(first);

        connection.interrupt();

        assertThat(connection.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whatStandsInTheLineIsRunInAnyCase() {
        overload();

        assertThat(found).hasSize(2 * 70);
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
