package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThemeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static Theme theme(Path directory) {
        return new Theme(new PagesProperties(directory, ZoneOffset.UTC));
    }

    @Test
    void onlyTheKnownFilesAreServed() throws IOException {
        for (String name : new String[] {"theme.css", "logo.png", "logo.svg", "messages_fr.properties", "notes.txt"}) {
            Files.writeString(directory.resolve(name), "x");
        }
        Theme theme = theme(directory);

        assertThat(theme.styleSheet()).isEqualTo("/theme/theme.css");
        assertThat(theme.logo()).isEqualTo("/theme/logo.svg");
        assertThat(theme.favicon()).isNull();
        assertThat(theme.file("notes.txt")).isNull();
        assertThat(theme.file("messages_fr.properties")).isNull();
        assertThat(theme.languages()).containsExactly(Locale.ENGLISH, Locale.GERMAN, Locale.FRENCH);
    }

    @Test
    void aDirectoryThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> theme(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gatehouse.pages.theme");
    }

    @Test
    void aHugePictureIsRefused() throws IOException {
        Files.write(directory.resolve("logo.png"), new byte[1024 * 1024 + 1]);
        assertThatThrownBy(() -> theme(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("larger than 1 MB");
    }
}
