package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.account.AccountProperties.Password;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountPropertiesTest {
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private static final Password PASSWORD = new Password(8, List.of(), null, null, PATIENCE);

    @Test
    void asManyChecksRunAtOnceAsThereAreProcessorsUnlessSaidOtherwise() {
        assertThat(new AccountProperties(null, PASSWORD).passwordChecks(true))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(new AccountProperties(7, PASSWORD).passwordChecks(true)).isEqualTo(7);
    }

    @Test
    void noChecksAtAllIsRefused() {
        assertThatThrownBy(() -> new AccountProperties(0, PASSWORD))
                .hasMessage("gatehouse.account.max-password-checks must be between 1 and 1024");
    }

    @Test
    void noHouseAsksForLessThanEightCharactersOrForMoreThanAnybodyTypes() {
        for (int length : new int[] {7, 65}) {
            assertThatThrownBy(() -> new Password(length, List.of(), null, null, PATIENCE))
                    .hasMessage("gatehouse.account.password.min-length must be between 8 and 64");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://pwned.example/range/",
                "https://pwned.example/range",
                "https://pwned.example/range/?x=1",
                "file:///range/",
                "https:range/"
            })
    void theRangeInterfaceIsAskedOnlyOverTls(String address) {
        assertThatThrownBy(() -> new Password(8, List.of(), null, URI.create(address), PATIENCE))
                .hasMessage("gatehouse.account.password.range-api must be an https address that ends in /");
    }

    @Test
    void noChangeOfPasswordWaitsLongForAStranger() {
        for (Duration patience : List.of(Duration.ZERO, Duration.ofSeconds(6))) {
            assertThatThrownBy(() -> new Password(8, List.of(), null, null, patience))
                    .hasMessage("gatehouse.account.password.range-patience must be between 50ms and 5s");
        }
    }
}
