package dev.gatehouse.server.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ControlledDelayTest {
    private static final Duration BOUND = Duration.ofMillis(200);

    private final ControlledDelay delay = new ControlledDelay(BOUND, 0);

    /** At this moment a request begins that has waited for so long. */
    private boolean isTooLong(long waitedMillis, long nowMillis) {
        return delay.isTooLong(
                Duration.ofMillis(waitedMillis).toNanos(),
                Duration.ofMillis(nowMillis).toNanos());
    }

    /** From one moment to another a request begins every 10 ms, and each has waited for so long. */
    private void line(long waitedMillis, long fromMillis, long toMillis) {
        for (long now = fromMillis; now < toMillis; now += 10) {
            isTooLong(waitedMillis, now);
        }
    }

    @Test
    void nobodyIsLateInAShortLine() {
        line(100, 0, 5_000);

        assertThat(isTooLong(199, 5_000)).isFalse();
    }

    @Test
    void aBurstIsServedHoweverLateItsLastAre() {
        for (long now = 0; now < 990; now += 10) {
            assertThat(isTooLong(now, now)).isFalse();
        }
    }

    @Test
    void whereForAWholeIntervalNobodyWasQuickTheLateAreTooLate() {
        line(201, 0, 500);

        assertThat(isTooLong(201, 500)).isTrue();
        assertThat(isTooLong(101, 510)).isTrue();
        assertThat(isTooLong(100, 520)).isFalse();
    }

    @Test
    void theLineGoesOnStandingWhileEverybodyWaitsAtHalfTheBound() {
        line(201, 0, 500);
        line(100, 500, 3_000);

        assertThat(isTooLong(101, 3_000)).isTrue();
    }

    @Test
    void oneQuickRequestInAnIntervalEndsIt() {
        line(201, 0, 500);
        line(100, 500, 900);
        isTooLong(50, 900);
        line(100, 910, 1_000);

        assertThat(isTooLong(201, 1_000)).isFalse();
    }

    @Test
    void whatWasSeenLongAgoSaysNothing() {
        line(201, 0, 500);

        assertThat(isTooLong(201, 1_500)).isFalse();
    }
}
