package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
