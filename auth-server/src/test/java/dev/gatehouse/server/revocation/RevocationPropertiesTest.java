package dev.gatehouse.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevocationPropertiesTest {
    private static RevocationProperties properties(@Nullable Integer maxSubscribers) {
        return new RevocationProperties(
                Duration.ofSeconds(60), maxSubscribers, 1000, Duration.ofHours(1), Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({"6144, 4000", "1000, 4000", "460, 1840", "64, 256", "0, 1"})
    void subscribersTakeNoMoreThanHalfOfTheHeap(long mebibytes, int most) {
        assertThat(properties(null).mostSubscribers(mebibytes * 1024 * 1024)).isEqualTo(most);
    }

    @Test
    void whoeverKnowsBetterSaysHowMany() {
        assertThat(properties(20_000).mostSubscribers(64L * 1024 * 1024)).isEqualTo(20_000);
        assertThatThrownBy(() -> properties(0)).hasMessageContaining("max-subscribers");
    }
}
