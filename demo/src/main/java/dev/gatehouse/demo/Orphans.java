package dev.gatehouse.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Servers that a killed demo left running on its data directory. Each has a file with its process id and the instant at which
 * it started: an id that the system has given to another process meanwhile is left alone.
 */
final class Orphans {
    /** The system rounds the start of a process to its clock's ticks, and PostgreSQL notes its own a moment later. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Orphans() {}

    /** Notes a process that was just started. */
    static void note(Path pidFile, ProcessHandle process) throws IOException {
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        Files.writeString(pidFile, process.pid() + "\n" + start + "\n");
    }

    /** Stops the process that the file notes, when it still runs. */
    static void stop(Path pidFile) throws IOException {
        List<String> lines = lines(pidFile);
        if (lines.size() < 2) {
            return;
        }
        try {
            stop(lines.get(0), Instant.parse(lines.get(1)), "TERM");
        } catch (DateTimeException e) {
            // Cut off while it was written.
            return;
        }
        Files.deleteIfExists(pidFile);
    }

    /** Stops the PostgreSQL of a data directory; SIGINT is its fast shutdown, which does not wait for its clients to go. */
    static void stopPostgres(Path dataDirectory) throws IOException {
        List<String> lines = lines(dataDirectory.resolve("postmaster.pid"));
        if (lines.size() >= 3 && lines.get(2).strip().matches("\\d{1,11}")) {
            stop(lines.get(0), Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip())), "INT");
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    }

    private static void stop(String pid, Instant start, String signal) throws IOException {
        if (!pid.strip().matches("\\d{1,9}")) {
            return;
        }
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid.strip())).orElse(null);
        if (process == null || !startedAt(process, start)) {
            return;
        }
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!hasEnded(process)) {
            process.destroyForcibly();
            if (!hasEnded(process)) {
                throw new IOException("process " + process.pid() + " of an earlier demo does not stop");
            }
        }
    }

    private static boolean startedAt(ProcessHandle process, Instant start) {
        return process.info()
                .startInstant()
                .map(actual -> Duration.between(start, actual).abs().compareTo(TOLERANCE) <= 0)
                .orElse(false);
    }

    private static boolean hasEnded(ProcessHandle process) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (runs(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while an earlier demo's process stopped", e);
            }
        }
        return true;
    }

    /** A process that has ended but that nobody has waited for is listed still, without a program. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }
}
