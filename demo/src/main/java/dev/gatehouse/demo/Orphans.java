package dev.gatehouse.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Servers that a killed demo left running on its data directory. */
final class Orphans {
    private Orphans() {}

    /** Stops the process that the file names, when it is one of the given program and still alive. */
    static void stop(Path pidFile, String program) throws IOException {
        if (!Files.isReadable(pidFile)) {
            return;
        }
        String pid = Files.readAllLines(pidFile).stream().findFirst().orElse("").strip();
        if (!pid.matches("\\d{1,9}")) {
            return;
        }
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElse(null);
        if (process == null || !process.info().command().orElse("").contains(program)) {
            return;
        }
        process.destroy();
        awaitExit(process);
    }

    private static void awaitExit(ProcessHandle process) throws IOException {
        try {
            process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new IOException("process " + process.pid() + " holds the data directory and does not stop", e);
            }
            throw e;
        }
    }
}
