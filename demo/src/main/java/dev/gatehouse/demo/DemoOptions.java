package dev.gatehouse.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The demo's command line. */
record DemoOptions(
        Path data,
        int port,
        String issuer,
        boolean behindProxy,
        @Nullable Path declare,
        boolean samples) {
    static final String USAGE = """
            usage: ./gatehouse demo [--data DIR] [--port N] [--issuer URL] [--declare FILE] [--no-samples]

              --data DIR      where the demo keeps its data (default ~/.gatehouse/demo)
              --port N        the issuer's port (default 9000); its management port is the next one
              --issuer URL    the issuer's public URL, when a TLS proxy on this machine stands in front
              --declare FILE  more clients, APIs and people, in YAML
              --no-samples    the issuer alone
            """;

    /** Reads the arguments. */
    static DemoOptions parse(List<String> arguments) throws UsageException {
        Deque<String> rest = new ArrayDeque<>(arguments);
        Path data = Path.of(home(), ".gatehouse", "demo");
        int port = 9000;
        String issuer = null;
        Path declare = null;
        boolean samples = true;
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--data" -> data = Path.of(value(option, rest));
                case "--port" -> port = port(value(option, rest));
                case "--issuer" -> issuer = issuer(value(option, rest));
                case "--declare" -> declare = readable(Path.of(value(option, rest)));
                case "--no-samples" -> samples = false;
                default -> throw new UsageException("unknown option " + option);
            }
        }
        return new DemoOptions(
                data.toAbsolutePath().normalize(),
                port,
                issuer == null ? "http://localhost:" + port : issuer,
                issuer != null,
                declare,
                samples);
    }

    /** What the shell calls {@code ~}; the JVM asks the system's list of users instead. */
    private static String home() {
        String home = System.getenv("HOME");
        return home == null || home.isBlank() ? System.getProperty("user.home") : home;
    }

    int managementPort() {
        return port + 1;
    }

    private static String value(String option, Deque<String> rest) throws UsageException {
        if (rest.isEmpty()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.removeFirst();
    }

    private static int port(String value) throws UsageException {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65_534) {
            throw new UsageException("--port must be a number from 1 to 65534");
        }
        return Integer.parseInt(value);
    }

    private static String issuer(String value) throws UsageException {
        try {
            URI uri = URI.create(value);
            if (uri.isAbsolute() && uri.getHost() != null) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // Not a URL: refused below.
        }
        throw new UsageException("--issuer must be an absolute URL such as https://auth.example");
    }

    private static Path readable(Path file) throws UsageException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new UsageException("cannot read " + file);
        }
        return file.toAbsolutePath();
    }

    /** A command line that cannot be understood; the message says why. */
    static final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }
}
