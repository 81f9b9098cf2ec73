package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path parent;

    private Path directory;

    @BeforeEach
    void name() {
        directory = parent.resolve("deep/data");
    }

    @Test
    void aNewOneIsForItsOwnerAlone() throws IOException {
        DataDirectory.hold(directory).close();
        assertThat(mode()).isEqualTo("rwx------");
    }

    @Test
    void anEmptyOneIsUsedAsItIsAndKnownAgain() throws IOException {
        make("rwxr-x---");
        DataDirectory.hold(directory).close();
        Files.createFile(directory.resolve("started"));
        DataDirectory.hold(directory).close();
        assertThat(mode()).isEqualTo("rwxr-x---");
    }

    @Test
    void oneWithOtherFilesIsRefusedAndNotTouched() throws IOException {
        make("rwxr-xr-x");
        Files.createFile(directory.resolve("thesis.tex"));
        assertThatThrownBy(() -> DataDirectory.hold(directory))
                .isInstanceOf(IOException.class)
                .hasMessage(directory + " holds other files: choose a new or an empty directory with --data");
        assertThat(mode()).isEqualTo("rwxr-xr-x");
        assertThat(directory).isDirectoryNotContaining("glob:**{lock,gatehouse-demo}");
    }

    @Test
    void oneThatEverybodyCanWriteToIsRefusedEvenWhenItIsEmpty() throws IOException {
        make("rwxrwxrwx");
        assertThatThrownBy(() -> DataDirectory.hold(directory)).hasMessageStartingWith("everybody can write to ");
        assertThat(mode()).isEqualTo("rwxrwxrwx");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void oneOfAnEarlierVersionIsKnownByItsDatabases() throws IOException {
        make("rwx------");
        Files.createDirectories(directory.resolve("redis"));
        Files.createFile(Files.createDirectories(directory.resolve("postgres")).resolve("PG_VERSION"));
        DataDirectory.hold(directory).close();
        assertThat(directory.resolve("gatehouse-demo")).exists();
    }

    @Test
    void aFileIsRefused() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.hold(file)).hasMessage(file + " is not a directory");
    }

    @Test
    void oneIsHeldOnceAtATime() throws IOException {
        try (DataDirectory held = DataDirectory.hold(directory)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DataDirectory.hold(directory))
                    .hasMessage("a demo is already running on " + directory);
        }
        DataDirectory.hold(directory).close();
    }

    private void make(String mode) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
    }
}
