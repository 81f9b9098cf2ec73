package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class Pkcs11PropertiesTest {
    @TempDir
    private Path folder;

    private final Map<String, String> settings = new LinkedHashMap<>();

    @BeforeEach
    void good() throws IOException {
        settings.put("master-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlBQkNERUY=");
        settings.put(
                "pkcs11.library",
                Files.writeString(folder.resolve("lib.so"), "").toString());
        settings.put("pkcs11.pin", "sesame-pass");
    }

    @Test
    void aLibraryAndAPinAreEnough() {
        KeysProperties.Pkcs11 read = read();

        assertThat(read.newKeys()).isTrue();
        assertThat(read.secret().value()).isEqualTo("sesame-pass");
        assertThat(read).asString().doesNotContain("sesame-pass");
    }

    @Test
    void withoutTheGroupThereIsNoDevice() {
        settings.keySet().removeIf(name -> name.startsWith("pkcs11."));

        assertThat(properties().pkcs11()).isNull();
    }

    @Test
    void thePinMayStandInAFileThatEndsWithALineBreak() throws IOException {
        settings.remove("pkcs11.pin");
        settings.put(
                "pkcs11.pin-file",
                Files.writeString(folder.resolve("pin"), "12 34\n").toString());

        assertThat(read().secret().value()).isEqualTo("12 34");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lib.so", "/no/such/library.so", "/tmp"})
    void theLibraryMustBeThere(String library) {
        settings.put("pkcs11.library", library);

        refused("gatehouse.keys.pkcs11.library must be ");
    }

    @Test
    void theLibrarysNameCannotChangeTheProvidersConfiguration() throws IOException {
        for (String name : new String[] {"a\".so", "a\nb.so", "a\\nb.so", "${user.home}"}) {
            settings.put(
                    "pkcs11.library",
                    Files.writeString(folder.resolve(name), "").toString());

            assertThatThrownBy(() -> new KeysProperties.Pkcs11(folder.resolve(name), null, null, null, null, true))
                    .hasMessageStartingWith("gatehouse.keys.pkcs11.library must be ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "slot-list-index, -1, gatehouse.keys.pkcs11.slot-list-index must be",
        "slot, -1, gatehouse.keys.pkcs11.slot must be",
        "pin, '', 'gatehouse.keys.pkcs11.pin or gatehouse.keys.pkcs11.pin-file must be set, and neither is'",
        "pin-file, /no/such/pin, 'gatehouse.keys.pkcs11.pin or gatehouse.keys.pkcs11.pin-file must be set, not both'"
    })
    void aBadValueIsRefusedByItsName(String setting, String value, String message) {
        settings.put("pkcs11." + setting, value);

        refused(message);
    }

    @Test
    void aSlotIsNamedInOneWay() {
        settings.put("pkcs11.slot", "1");
        settings.put("pkcs11.slot-list-index", "1");

        refused("gatehouse.keys.pkcs11.slot must be");
    }

    @Test
    void aPinFileThatIsNotThereOrEmptyIsNamed() throws IOException {
        settings.remove("pkcs11.pin");
        Path absent = folder.resolve("absent");
        settings.put("pkcs11.pin-file", absent.toString());
        refused("gatehouse.keys.pkcs11.pin-file: " + absent + " cannot be read");

        Path empty = Files.writeString(folder.resolve("pin"), "\n");
        settings.put("pkcs11.pin-file", empty.toString());
        refused("gatehouse.keys.pkcs11.pin-file: " + empty + " is empty");
    }

    @Test
    void anAlgorithmThatTheDeviceHasNoKeysForIsRefusedWhileItMakesTheKeys() {
        settings.put("algorithms", "RS256,EdDSA");
        refused("gatehouse.keys.algorithms must be some of RS256, PS256, ES256 while gatehouse.keys.pkcs11");

        settings.put("pkcs11.new-keys", "false");
        assertThat(read().newKeys()).isFalse();
    }

    private KeysProperties.Pkcs11 read() {
        return Objects.requireNonNull(properties().pkcs11());
    }

    private KeysProperties properties() {
        Map<String, String> source = new LinkedHashMap<>();
        settings.forEach((name, value) -> source.put("gatehouse.keys." + name, value));
        return new Binder(new MapConfigurationPropertySource(source))
                .bindOrCreate("gatehouse.keys", KeysProperties.class);
    }

    private void refused(String message) {
        assertThatThrownBy(this::properties)
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("sesame-pass");
    }
}
