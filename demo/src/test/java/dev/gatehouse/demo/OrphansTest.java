package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansTest {
    @TempDir
    Path directory;

    private Process process;

    private Instant start;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sleep", "600").start();
        start = process.info().startInstant().orElseThrow();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void aNotedProcessIsStopped() throws IOException {
        Path file = directory.resolve("noted.pid");
        Orphans.note(file, process.toHandle());
        Orphans.stop(file);
        assertThat(Orphans.runs(process.toHandle())).isFalse();
        assertThat(file).doesNotExist();
    }

    @Test
    void aProcessThatWasGivenTheSameIdLaterIsLeftAlone() throws IOException {
        Path file = directory.resolve("noted.pid");
        Files.writeString(file, process.pid() + "\n" + start.minus(Duration.ofMinutes(1)) + "\n");
        Orphans.stop(file);
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aProcessThatIsNotThePostgresOfTheFileIsLeftAlone() throws IOException {
        Files.writeString(
                directory.resolve("postmaster.pid"),
                process.pid() + "\n" + directory + "\n" + (start.getEpochSecond() - 60) + "\n5432\n");
        Orphans.stopPostgres(directory);
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aFileThatWasCutOffStopsNothing() throws IOException {
        Path file = directory.resolve("noted.pid");
        for (String text : new String[] {"", process.pid() + "\n", process.pid() + "\n" + "2026-", "x\ny\n"}) {
            Files.writeString(file, text);
            Orphans.stop(file);
        }
        assertThat(process.isAlive()).isTrue();
    }
}
