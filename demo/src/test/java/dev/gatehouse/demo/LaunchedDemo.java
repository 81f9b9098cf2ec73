package dev.gatehouse.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The launcher as a process of its own, with a {@link StandIn} in the auth server's place. */
final class LaunchedDemo implements AutoCloseable {
    private final Process process;

    private final Path output;

    private LaunchedDemo(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static LaunchedDemo launch(Path directory, Map<String, String> environment, String... options) throws IOException {
        Path home = directory.resolve("home");
        provideStandIn(home);
        Path output = Files.createTempFile(directory, "output", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dgatehouse.home=" + home,
                "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName(),
                "--data",
                data(directory).toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new LaunchedDemo(process, output);
    }

    static Path data(Path directory) {
        return directory.resolve("data");
    }

    private static void provideStandIn(Path home) throws IOException {
        Path jar = home.resolve("auth-server/target/auth-server.jar");
        if (Files.exists(jar)) {
            return;
        }
        Files.createDirectories(jar.resolveSibling("."));
        Files.createDirectories(home.resolve("deploy"));
        Files.writeString(home.resolve("deploy/jvm.options"), "-XX:+UseSerialGC");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        StandIn.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    /** A port that is free, and the next one too. */
    static int freePort() throws IOException {
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket second =
                            new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return second.getLocalPort() - 1;
            } catch (IOException | IllegalArgumentException e) {
                // The next one is taken.
            }
        }
    }

    LaunchedDemo awaitUp() throws IOException, InterruptedException {
        while (!output().contains("Gatehouse is up.")) {
            if (!process.isAlive()) {
                throw new IOException("the demo did not come up:\n" + output());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return this;
    }

    void awaitFile(Path file) throws IOException, InterruptedException {
        while (!Files.exists(file)) {
            if (!process.isAlive()) {
                throw new IOException("the demo ended before there was " + file + ":\n" + output());
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    Process process() {
        return process;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Every process that was started from the directory or works on it, the launcher aside. */
    List<ProcessHandle> processesOn(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(candidate -> candidate.pid() != process.pid())
                .filter(candidate -> candidate.info().commandLine().orElse("").contains(directory.toString()))
                .toList();
    }

    /** Tells it to stop and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
