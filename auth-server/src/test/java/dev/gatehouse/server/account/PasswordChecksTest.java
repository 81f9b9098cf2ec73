package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PasswordChecksTest {
    @Test
    void whoFindsAllPlacesTakenIsToldSoAndAPlaceThatIsGivenBackServesTheNext() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (PasswordChecks checks = new PasswordChecks(1, Duration.ofMillis(10));
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<String> first = other.submit(() -> checks.run(() -> {
                begun.countDown();
                await(end);
                return "first";
            }));
            begun.await();

            assertThatThrownBy(() -> checks.run(() -> "second")).isInstanceOf(PasswordCheckBusy.class);
            end.countDown();

            assertThat(first.get()).isEqualTo("first");
            assertThat(checks.run(() -> "third")).isEqualTo("third");
        }
    }

    @Test
    void aCheckThatFailsGivesItsPlaceBack() {
        try (PasswordChecks checks = new PasswordChecks(1, Duration.ofMillis(10))) {
            assertThatThrownBy(() -> checks.run(() -> {
                        throw new IllegalStateException("the database is away");
                    }))
                    .hasRootCauseMessage("the database is away");

            assertThat(checks.run(() -> "next")).isEqualTo("next");
        }
    }

    @Test
    void aCheckKeepsNoVirtualThreadsProcessorBusy() {
        try (PasswordChecks checks = new PasswordChecks(1, Duration.ofMillis(10))) {
            assertThat(checks.run(() -> Thread.currentThread().isVirtual())).isFalse();
        }
    }

    @Test
    void whoWouldHaveToWaitTooLongIsToldSoWithoutWaiting() throws Exception {
        AtomicLong nanos = new AtomicLong();
        try (PasswordChecks checks = new PasswordChecks(
                        1, Duration.ofSeconds(2), Thread.ofPlatform().factory(), nanos::get);
                ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            checks.run(() -> nanos.addAndGet(Duration.ofSeconds(3).toNanos()));
            CountDownLatch end = new CountDownLatch(1);
            Future<Boolean> running = occupy(checks, others, end);
            Future<String> second = others.submit(() -> checks.run(() -> "second"));
            awaitWaiting(checks, Turn.IN_ORDER, 1);

            assertThat(checks.hasRoom(Turn.IN_ORDER)).isFalse();
            assertThatThrownBy(() -> checks.run(() -> "third")).isInstanceOf(PasswordCheckBusy.class);
            assertThat(checks.waiting(Turn.IN_ORDER)).isEqualTo(1);
            assertThat(checks.hasRoom(Turn.FIRST)).isTrue();

            end.countDown();
            assertThat(running.get()).isTrue();
            assertThat(second.get()).isEqualTo("second");
        }
    }

    @Test
    void whoCameLatelyTakesRoomInTheLine() {
        AtomicLong nanos = new AtomicLong();
        try (PasswordChecks checks =
                new PasswordChecks(1, Duration.ofSeconds(2), Thread.ofPlatform().factory(), nanos::get)) {
            checks.run(() -> nanos.addAndGet(Duration.ofSeconds(3).toNanos()));
            checks.run(() -> "by now it is known how long the one before took");

            assertThat(checks.hasRoom(Turn.IN_ORDER)).isTrue();
            assertThat(checks.hasRoom(Turn.IN_ORDER, 1))
                    .as("it may be the one that is checked")
                    .isTrue();
            assertThat(checks.hasRoom(Turn.IN_ORDER, 2))
                    .as("one before it waits")
                    .isFalse();
        }
    }

    @Test
    void whoComesFirstNeverWaitsForTheOthers() throws Exception {
        try (PasswordChecks checks = new PasswordChecks(1, Duration.ofMinutes(1));
                ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch end = new CountDownLatch(1);
            Future<Boolean> running = occupy(checks, others, end);

            assertThat(checks.run(Turn.FIRST, () -> "at once")).isEqualTo("at once");

            end.countDown();
            assertThat(running.get()).isTrue();
        }
    }

    private static Future<Boolean> occupy(PasswordChecks checks, ExecutorService threads, CountDownLatch end)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Future<Boolean> running = threads.submit(() -> checks.run(() -> {
            begun.countDown();
            await(end);
            return true;
        }));
        begun.await();
        return running;
    }

    private static void awaitWaiting(PasswordChecks checks, Turn turn, int count) {
        while (checks.waiting(turn) < count) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
