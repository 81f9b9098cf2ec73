package dev.gatehouse.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Places places(String text) throws IOException {
        return new Places(Files.writeString(directory.resolve("places.csv"), text));
    }

    @Test
    void theMostPreciseNetworkNamesThePlace() throws IOException {
        Places places = places("""
                # offices
                192.0.2.0/24, Berlin
                192.0.2.128/25,Berlin, second floor

                2001:db8::/32,Zürich
                """);

        assertThat(places.of("192.0.2.1")).isEqualTo("Berlin");
        assertThat(places.of("192.0.2.200")).isEqualTo("Berlin, second floor");
        assertThat(places.of("2001:db8::5")).isEqualTo("Zürich");
        assertThat(places.of("198.51.100.1")).isEmpty();
        assertThat(places.of("no address")).isEmpty();
        assertThat(new Places(null).of("192.0.2.1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/24", "192.0.2.0/24,", "here,Berlin", "192.0.2.0/33,Berlin"})
    void aBadLineIsNamed(String line) {
        assertThatThrownBy(() -> places("# first\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("places.csv:2");
    }
}
