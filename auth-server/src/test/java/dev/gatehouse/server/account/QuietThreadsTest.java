package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class QuietThreadsTest {
    @Test
    void onlyTheirOwnPriorityIsLowered() throws Exception {
        ThreadFactory quiet = QuietThreads.find().orElseThrow();
        int ours = nice();
        CompletableFuture<Integer> theirs = new CompletableFuture<>();

        quiet.newThread(() -> theirs.complete(nice())).start();

        assertThat(theirs.get()).isEqualTo(15);
        assertThat(nice()).isEqualTo(ours).isLessThan(15);
    }

    /** The nineteenth field, proc(5); the second is a name in brackets. */
    private static int nice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
