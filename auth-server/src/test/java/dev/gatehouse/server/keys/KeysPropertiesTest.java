package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysPropertiesTest {
    private static final byte[] KEY = "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private static final Secret BASE64 = new Secret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlBQkNERUY=");

    @TempDir
    private Path folder;

    @Test
    void theKeyMayBeWrittenInBase64OrHex() {
        String hex = java.util.HexFormat.of().formatHex(KEY);

        assertThat(new KeysProperties(BASE64, null).bytes()).isEqualTo(KEY);
        assertThat(new KeysProperties(new Secret(hex), null).bytes()).isEqualTo(KEY);
    }

    @Test
    void aFileMayEndWithALineBreak() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), BASE64.value() + "\n");

        assertThat(new KeysProperties(null, file).bytes()).isEqualTo(KEY);
    }

    @Test
    void withoutAKeyTheStartFailsInOneLineThatNamesTheSettings() {
        assertThatThrownBy(() -> new KeysProperties(null, null))
                .hasMessage("gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, and neither is");
        assertThatThrownBy(() -> new KeysProperties(new Secret(" "), null)).hasMessageEndingWith("neither is");
    }

    @Test
    void twoKeysAreOneTooMany() {
        assertThatThrownBy(() -> new KeysProperties(BASE64, folder.resolve("key")))
                .hasMessageEndingWith("not both");
    }

    @Test
    void aKeyThatIsTooShortOrObviouslyNotRandomIsRefusedWithoutBeingRepeated() {
        for (String bad : new String[] {"changeit", "c2hvcnQ=", "A".repeat(43) + "=", "!".repeat(44), "0".repeat(64)}) {
            assertThatThrownBy(() -> new KeysProperties(new Secret(bad), null))
                    .hasMessageStartingWith("gatehouse.keys.master-key must be ")
                    .hasMessageNotContaining(bad);
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("absent");

        assertThatThrownBy(() -> new KeysProperties(null, file))
                .hasMessageStartingWith("gatehouse.keys.master-key-file: " + file)
                .hasNoCause();
    }
}
