package dev.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The verifier for Node, with what it depends on; a machine without Node 20 fails here, and says so. */
final class NodePackage {
    static final Path DIRECTORY = RunningDemo.PROJECT.resolve("token-verifier-node");

    static final Path EXAMPLE = DIRECTORY.resolve("examples/server.js");

    private static final long PATIENCE_MINUTES = 5;

    private static boolean installed;

    private NodePackage() {}

    /** A program that runs, and what it has printed. */
    record Running(Process process, Path output, List<String> command) implements AutoCloseable {
        String succeeded() {
            if (!ended() || process.exitValue() != 0) {
                close();
                throw new AssertionError(String.join(" ", command) + " failed:\n" + text());
            }
            return text();
        }

        private boolean ended() {
            try {
                return process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        String text() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** Installs what the lock file names, once. */
    static synchronized void install() {
        if (!installed) {
            String version = start(Map.of(), "node", "--version").succeeded().strip();
            if (Integer.parseInt(version.replaceAll("^v|\\..*", "")) < 20) {
                throw new AssertionError("Node 20 or newer is needed, this is " + version);
            }
            start(Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .succeeded();
            installed = true;
        }
    }

    static Running start(Map<String, String> environment, String... command) {
        try {
            Path output = Files.createTempFile("gatehouse-node", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(DIRECTORY.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            return new Running(builder.start(), output, List.of(command));
        } catch (IOException e) {
            throw new AssertionError("Node 20 or newer, with npm, has to be on the PATH", e);
        }
    }
}
