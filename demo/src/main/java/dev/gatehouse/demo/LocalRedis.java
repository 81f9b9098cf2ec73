package dev.gatehouse.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/** A real Redis on a loopback port. */
public final class LocalRedis implements AutoCloseable {
    private static final int START_ATTEMPTS = 200;

    private static final String PID_FILE = "redis.pid";

    private final Path directory;

    private final int port;

    private Process process;

    private LocalRedis(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** Starts on a directory that is kept, with an append-only file, on a free port, and waits until it answers. */
    public static LocalRedis start(Path dataDirectory) throws IOException {
        LocalRedis redis = begin(dataDirectory);
        try {
            redis.awaitAnswer();
            return redis;
        } catch (IOException e) {
            redis.close();
            throw e;
        }
    }

    /** Starts likewise, and does not wait. */
    static LocalRedis begin(Path dataDirectory) throws IOException {
        Files.createDirectories(dataDirectory, DataDirectory.OWNER_ONLY);
        stop(dataDirectory);
        int port = freePort();
        return new LocalRedis(dataDirectory, port, launch(dataDirectory, port));
    }

    /** Stops what an earlier demo has left running on the directory. */
    static void stop(Path dataDirectory) throws IOException {
        Orphans.stop(dataDirectory.resolve(PID_FILE));
    }

    /** Starts on a temporary directory, for tests; it stops with the JVM. */
    public static LocalRedis startTemporary() {
        try {
            Path directory = Files.createTempDirectory("gatehouse-redis");
            LocalRedis redis = start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(redis::kill));
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(Path directory, int port) throws IOException {
        Process process = start(new ProcessBuilder(List.of(
                        executable(directory).toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        directory.toString(),
                        "--logfile",
                        directory.resolve("redis.log").toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "everysec"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        try {
            Orphans.note(directory.resolve(PID_FILE), process.toHandle());
            Files.writeString(directory.resolve("redis.port"), port + "\n");
            return process;
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * The executable was written a moment ago. Another process that was forked meanwhile holds it open for writing until it
     * runs its own program, and so long the system answers "text file busy".
     */
    private static Process start(ProcessBuilder command) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return command.start();
            } catch (IOException e) {
                if (attempt == START_ATTEMPTS || !String.valueOf(e.getMessage()).contains("error: 26")) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static Path executable(Path directory) throws IOException {
        Path home = Files.createDirectories(directory.resolve("bin"));
        return ExecutableProvider.newJarResourceProvider(home.toFile()).get().toPath();
    }

    void awaitAnswer() throws IOException {
        for (int attempt = 0; attempt < START_ATTEMPTS && process.isAlive(); attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                socket.getOutputStream().write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                if (socket.getInputStream().read() == '+') {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            pause();
        }
        throw new IOException("Redis did not start; see " + directory.resolve("redis.log"));
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(25);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Redis started", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The process id, for fault tests. */
    public long pid() {
        return process.pid();
    }

    /** Kills the server at once, as a power cut would. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it again on the same port and the same data, after {@link #kill()}. */
    public void restart() throws IOException {
        process = launch(directory, port);
        awaitAnswer();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
