package dev.gatehouse.server.ops;

import dev.gatehouse.server.GatehouseApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The server in a process of its own, as an operator starts it; what it writes goes into two files. */
final class ServerProcess implements AutoCloseable {
    private final Process process;

    private final Path directory;

    private ServerProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    static ServerProcess start(Path directory, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                GatehouseApplication.class.getName()));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        return new ServerProcess(
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start(),
                directory);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to stop, as a container's runtime does. */
    void terminate() {
        process.destroy();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** What it has written to standard output. */
    List<String> out() throws IOException {
        return Files.readAllLines(directory.resolve("out"));
    }

    /** What it has written to standard error. */
    List<String> err() throws IOException {
        return Files.readAllLines(directory.resolve("err"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
