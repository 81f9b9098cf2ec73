package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AccountPropertiesTest {
    @Test
    void asManyChecksRunAtOnceAsThereAreProcessorsUnlessSaidOtherwise() {
        assertThat(new AccountProperties(null).passwordChecks())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(new AccountProperties(7).passwordChecks()).isEqualTo(7);
    }

    @Test
    void noChecksAtAllIsRefused() {
        assertThatThrownBy(() -> new AccountProperties(0))
                .hasMessage("gatehouse.account.max-password-checks must be between 1 and 1024");
    }
}
