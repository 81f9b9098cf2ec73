package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void aMistakeInTheProgramIsOneLineToo() {
        assertThat(Failure.text(new IllegalStateException("first\nsecond"))).isEqualTo("first");
        assertThat(Failure.text(new NullPointerException())).isEqualTo("NullPointerException");
    }

    @Test
    void aFileThatCannotBeUsedIsNamedWithTheReason() {
        assertThat(Failure.text(new AccessDeniedException("/data"))).isEqualTo("may not use /data");
        assertThat(Failure.text(new NotDirectoryException("/data")))
                .isEqualTo("cannot use /data: NotDirectoryException");
    }

    @Test
    void whatAServerSaidBeforeItEndedIsKeptWhole() {
        assertThat(Failure.text(new IOException("auth-server did not start:\nwhy")))
                .endsWith("\nwhy");
    }
}
