package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HkdfMasterKeyTest {
    private final MasterKey master =
            new HkdfMasterKey("0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII));

    @Test
    void eachPurposeHasAKeyOfItsOwnThatIsTheSameEveryTime() {
        assertThat(master.macKey("a").getEncoded())
                .hasSize(32)
                .isEqualTo(master.macKey("a").getEncoded())
                .isNotEqualTo(master.macKey("b").getEncoded())
                .isNotEqualTo(master.aesKey("a").getEncoded());
    }

    @Test
    void itsTextDoesNotShowIt() {
        assertThat(master.toString()).isEqualTo("master key");
    }
}
