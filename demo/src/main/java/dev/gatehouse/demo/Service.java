package dev.gatehouse.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the demo's servers: a JVM of its own whose output goes to a log file. */
final class Service implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(25);

    private final String name;

    private final Process process;

    private final Path log;

    private final URI health;

    private Service(String name, Process process, Path log, URI health) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.health = health;
    }

    /** @param options how java runs it */
    static Service start(
            String name, List<String> options, Path jar, Path data, URI health, Map<String, String> environment)
            throws IOException {
        Path log = Files.createDirectories(data.resolve("logs"), DataDirectory.OWNER_ONLY)
                .resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        Service service = new Service(name, builder.start(), log, health);
        try {
            Orphans.note(pidFile(data, name), service.process.toHandle());
            return service;
        } catch (IOException e) {
            service.close();
            throw e;
        }
    }

    /** Stops the service of this name that an earlier demo has left running on the data. */
    static void stopLeftBehind(Path data, String name) throws IOException {
        Orphans.stop(pidFile(data, name));
    }

    private static Path pidFile(Path data, String name) {
        return data.resolve(name + ".pid");
    }

    /** Waits until the service says that it is healthy. */
    void awaitHealthy(HttpClient http, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException(name + " did not start:\n" + lastLines());
            }
            if (isHealthy(http)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException(name + " was not healthy after " + patience.toSeconds() + " s; see " + log);
    }

    private boolean isHealthy(HttpClient http) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(log));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Process process() {
        return process;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
