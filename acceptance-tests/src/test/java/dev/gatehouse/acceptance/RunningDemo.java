package dev.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A demo started by {@code ./gatehouse demo} on a data directory of its own. */
final class RunningDemo implements AutoCloseable {
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static @Nullable RunningDemo shared;

    private final Process process;

    private final Path data;

    private final Path output;

    private RunningDemo(Process process, Path data, Path output) {
        this.process = process;
        this.data = data;
        this.output = output;
    }

    /** The demo on its usual ports, for all tests of this run. It stops with the JVM. */
    static synchronized RunningDemo shared() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    static RunningDemo start(String... options) {
        try {
            Path directory = Files.createTempDirectory("gatehouse-demo");
            Path data = directory.resolve("data");
            Path output = directory.resolve("output.txt");
            RunningDemo demo = new RunningDemo(launch(data, output, options), data, output);
            demo.awaitUp();
            return demo;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Process launch(Path data, Path output, String... options) throws IOException {
        // The build has just made what the script would build.
        Files.createDirectories(PROJECT.resolve("target"));
        Files.writeString(PROJECT.resolve("target/built-demo"), "");
        List<String> command =
                new ArrayList<>(List.of(PROJECT.resolve("gatehouse").toString(), "demo", "--data", data.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private void awaitUp() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!output().contains("Gatehouse is up.")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IOException("the demo did not come up:\n" + output());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Everything that the demo has printed. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return data;
    }

    Process process() {
        return process;
    }

    /** What a service has logged so far, for example {@code auth-server}. */
    String log(String service) {
        try {
            return Files.readString(data.resolve("logs/" + service + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(40, TimeUnit.SECONDS).join();
    }
}
