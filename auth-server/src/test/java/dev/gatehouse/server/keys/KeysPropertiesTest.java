package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KeysPropertiesTest {
    private static final byte[] KEY = "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private static final String BASE64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlBQkNERUY=";

    @TempDir
    private Path folder;

    @Test
    void theKeyMayBeWrittenInBase64OrHexWithItsVersionInFront() {
        byte[] same = sealingKey("master-key", BASE64);

        assertThat(sealingKey("master-key", HexFormat.of().formatHex(KEY))).isEqualTo(same);
        assertThat(sealingKey("master-key", "7:" + BASE64)).isEqualTo(same);
        assertThat(read("master-key", "7:" + BASE64).masterKeys().current().version())
                .isEqualTo(7);
        assertThat(read("master-key", BASE64).masterKeys().current().version()).isEqualTo(1);
    }

    @Test
    void aFileMayEndWithALineBreak() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), BASE64 + "\n");

        assertThat(sealingKey("master-key-file", file.toString())).isEqualTo(sealingKey("master-key", BASE64));
    }

    @Test
    void otherVersionsComeAsTextsAndFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "3:" + BASE64);

        assertThat(read(
                                "master-key",
                                BASE64,
                                "other-master-keys[0]",
                                "2:" + BASE64,
                                "other-master-key-files[0]",
                                file.toString())
                        .masterKeys()
                        .all())
                .extracting(MasterKey::version)
                .containsExactly(1, 2, 3);
        refused("gatehouse.keys.other-master-keys: each", "master-key", BASE64, "other-master-keys[0]", BASE64);
    }

    @Test
    void withoutAKeyTheStartFailsInOneLineThatNamesTheSettings() {
        refused("gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, and neither is");
        refused("gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, and", "master-key", " ");
    }

    @Test
    void twoKeysAreOneTooMany() {
        refused(
                "gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, not both",
                "master-key",
                BASE64,
                "master-key-file",
                folder.resolve("key").toString());
    }

    @Test
    void aKeyThatIsTooShortOrObviouslyNotRandomIsRefusedWithoutBeingRepeated() {
        for (String bad : new String[] {
            "changeit", "c2hvcnQ=", "A".repeat(43) + "=", "!".repeat(44), "0".repeat(64), "0:" + BASE64, "x:" + BASE64
        }) {
            assertThatThrownBy(() -> read("master-key", bad))
                    .rootCause()
                    .hasMessageStartingWith("gatehouse.keys.master-key must ")
                    .hasMessageNotContaining(bad);
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("absent");

        refused("gatehouse.keys.master-key-file: " + file, "master-key-file", file.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "algorithms, none",
        "algorithms, HS256",
        "algorithms, 'RS256,RS256'",
        "algorithms, ''",
        "rsa-bits, 1024",
        "rsa-bits, 2047",
        "rotate-every, 0s",
        "rotate-every, 800d",
        "jwks-max-age, 0s",
        "jwks-max-age, 2d",
        "verifier-refresh, -1s",
        "clock-skew, 11m",
        "publish-lead, 15m",
        "publish-lead, 31d",
        "rotate-every, 10s"
    })
    void aBadValueIsRefusedByItsName(String setting, String value) {
        refused("gatehouse.keys." + setting + " must ", "master-key", BASE64, setting, value);
    }

    @Test
    void theLeadIsTheSumOfWhatVerifiersMayTake() {
        assertThat(read("master-key", BASE64).lead()).hasMinutes(16);
        assertThat(read("master-key", BASE64, "jwks-max-age", "1h", "publish-lead", "2h")
                        .lead())
                .hasHours(2);
    }

    private byte[] sealingKey(String setting, String value) {
        return read(setting, value).masterKeys().current().sealingKey().getEncoded();
    }

    private static void refused(String message, String... settings) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageStartingWith(message);
    }

    private static KeysProperties read(String... settings) {
        Map<String, String> source = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            source.put("gatehouse.keys." + settings[i], settings[i + 1]);
        }
        assertThat(Arrays.asList(settings)).hasSizeLessThan(7);
        return new Binder(new MapConfigurationPropertySource(source))
                .bindOrCreate("gatehouse.keys", KeysProperties.class);
    }
}
