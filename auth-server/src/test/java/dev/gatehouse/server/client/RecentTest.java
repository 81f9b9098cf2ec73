package dev.gatehouse.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final List<String> reads = new ArrayList<>();

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    private final Recent<String> recent = new Recent<>(
            key -> {
                reads.add(key);
                return key.startsWith("unknown") ? Optional.empty() : Optional.of("value of " + key);
            },
            () -> now);

    @Test
    void aValueIsReadOnceInASecond() {
        assertThat(recent.get("a")).contains("value of a");
        now = now.plusMillis(999);
        assertThat(recent.get("a")).contains("value of a");

        assertThat(reads).containsExactly("a");
    }

    @Test
    void afterASecondOneCallerReadsItAnew() {
        recent.get("a");
        now = now.plusSeconds(1);
        recent.get("a");
        recent.get("a");

        assertThat(reads).containsExactly("a", "a");
    }

    @Test
    void aClockThatWasSetBackDoesNotKeepAValueForever() {
        recent.get("a");
        now = now.minusSeconds(3600);
        recent.get("a");

        assertThat(reads).containsExactly("a", "a");
    }

    @Test
    void whatIsNotThereTakesNoRoom() {
        for (int i = 0; i < 1000; i++) {
            assertThat(recent.get("unknown" + i)).isEmpty();
        }

        assertThat(recent.size()).isZero();
    }

    @Test
    void theRoomIsBounded() {
        for (int i = 0; i < 25_000; i++) {
            recent.get("a" + i);
        }

        assertThat(recent.size()).isBetween(1, 10_000);
    }
}
