package dev.gatehouse.demo;

import dev.gatehouse.demo.DemoOptions.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./gatehouse demo}: PostgreSQL, Redis, the auth server and both sample services on loopback, until it is told to stop.
 * The services stop first, then Redis, and PostgreSQL last; a signal and a failed start take the same way out.
 */
public final class Demo {
    private static final String AUTH_SERVER = "auth-server";

    private static final int ORDERS_PORT = 8081;

    private static final int INVENTORY_PORT = 8082;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final DemoOptions options;

    private final Path project;

    private final PrintStream out;

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final CountDownLatch startEnded = new CountDownLatch(1);

    private @Nullable DataDirectory directory;

    private boolean stopping;

    private Demo(DemoOptions options, Path project, PrintStream out) {
        this.options = options;
        this.project = project;
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(DemoOptions.USAGE);
            return 0;
        }
        Demo demo;
        try {
            demo = new Demo(DemoOptions.parse(arguments), Path.of(System.getProperty("gatehouse.home", ".")), out);
        } catch (UsageException e) {
            err.println("gatehouse demo: " + e.getMessage());
            err.print(DemoOptions.USAGE);
            return 2;
        } catch (RuntimeException e) {
            err.println("gatehouse demo: " + Failure.text(e));
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(demo::stop));
        try {
            demo.start();
            return demo.awaitEnd(err);
        } catch (IOException | RuntimeException e) {
            // What breaks off because the demo is being stopped is no failure.
            if (!demo.isStopping()) {
                err.println("gatehouse demo: " + Failure.text(e));
            }
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private void start() throws IOException, InterruptedException {
        try {
            requirePortsApart();
            directory = DataDirectory.hold(options.data());
            stopLeftBehind();
            requireFreePorts();
            startAll();
        } finally {
            startEnded.countDown();
        }
    }

    private void startAll() throws IOException, InterruptedException {
        DemoSecrets secrets = new DemoSecrets(options.data(), new SecureRandom());
        boolean firstStart = secrets.isFirstStart();
        String adminPassword = secrets.newPassword();
        out.println("Starting PostgreSQL and Redis in " + options.data() + " ...");
        // Registered before it is there, since its start cannot be watched from here; first in, so last out.
        remember(() -> LocalPostgres.stop(postgresData()));
        LocalRedis redis = remember(LocalRedis.begin(redisData()));
        LocalPostgres postgres = LocalPostgres.start(postgresData());
        redis.awaitAnswer();
        secrets.provideMasterKey();
        LocalMail mail = remember(LocalMail.start());
        MailPages mailPages = remember(MailPages.start(mail));
        out.println("Starting the auth server" + (options.samples() ? " and the sample services ..." : " ..."));
        Service issuer = startIssuer(postgres, redis, mail, secrets, firstStart ? adminPassword : null);
        List<Service> samples = options.samples() ? startSamples() : List.of();
        issuer.awaitHealthy(http, PATIENCE);
        for (Service sample : samples) {
            sample.awaitHealthy(http, PATIENCE);
        }
        out.print(Tour.text(options, mailPages.url(), firstStart ? adminPassword : null));
        out.flush();
        secrets.markStarted();
    }

    private Path postgresData() {
        return options.data().resolve("postgres");
    }

    private Path redisData() {
        return options.data().resolve("redis");
    }

    /** A launcher that was killed could not stop what it had started. */
    private void stopLeftBehind() throws IOException {
        for (String service : List.of(AUTH_SERVER, "orders", "inventory")) {
            Service.stopLeftBehind(options.data(), service);
        }
        LocalRedis.stop(redisData());
        LocalPostgres.stop(postgresData());
    }

    private Service startIssuer(
            LocalPostgres postgres,
            LocalRedis redis,
            LocalMail mail,
            DemoSecrets secrets,
            @Nullable String adminPassword)
            throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_PORT", Integer.toString(options.port()));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(options.managementPort()));
        environment.put("GATEHOUSE_ISSUER", options.issuer());
        environment.put("GATEHOUSE_KEYS_MASTERKEYFILE", secrets.masterKeyFile().toString());
        environment.put("GATEHOUSE_DEMO_ENABLED", "true");
        environment.put("SPRING_DATASOURCE_URL", postgres.url());
        environment.put("SPRING_DATA_REDIS_URL", redis.url());
        environment.put("SPRING_MAIL_HOST", "127.0.0.1");
        environment.put("SPRING_MAIL_PORT", Integer.toString(mail.port()));
        environment.put("GATEHOUSE_MAIL_FROM", "gatehouse@localhost");
        environment.put("GATEHOUSE_LOGIN_REGISTRATION", "true");
        if (adminPassword != null) {
            environment.put("GATEHOUSE_DEMO_ADMINPASSWORD", adminPassword);
        }
        if (options.declare() != null) {
            environment.put("GATEHOUSE_DEMO_DECLARE", options.declare().toString());
        }
        if (options.behindProxy()) {
            environment.put("GATEHOUSE_WEB_TRUSTEDPROXIES", "127.0.0.0/8,::1/128");
        }
        return launch(
                AUTH_SERVER,
                "@" + project.resolve("deploy/jvm.options"),
                project.resolve("auth-server/target/auth-server.jar"),
                URI.create("http://127.0.0.1:" + options.managementPort() + "/actuator/health/readiness"),
                environment);
    }

    private List<Service> startSamples() throws IOException {
        Map<String, String> environment = Map.of(
                "GATEHOUSE_ISSUER",
                options.issuer(),
                "GATEHOUSE_VERIFIER_ISSUERLOCATION",
                "http://localhost:" + options.port());
        List<Service> samples = new ArrayList<>();
        for (Map.Entry<String, Integer> sample :
                Map.of("inventory", INVENTORY_PORT, "orders", ORDERS_PORT).entrySet()) {
            String name = sample.getKey();
            samples.add(launch(
                    name,
                    "-XX:+UseSerialGC",
                    project.resolve("resource-service-sample/" + name + "/target/" + name + ".jar"),
                    URI.create("http://127.0.0.1:" + sample.getValue() + "/actuator/health"),
                    environment));
        }
        return samples;
    }

    private Service launch(String name, String javaOption, Path jar, URI health, Map<String, String> environment)
            throws IOException {
        return remember(Service.start(name, List.of(javaOption), jar, options.data(), health, environment));
    }

    private void requirePortsApart() throws IOException {
        List<Integer> taken = List.of(ORDERS_PORT, INVENTORY_PORT);
        if (options.samples() && (taken.contains(options.port()) || taken.contains(options.managementPort()))) {
            throw new IOException("--port " + options.port() + " takes the ports " + options.port() + " and "
                    + options.managementPort() + ", but the samples need " + ORDERS_PORT + " and " + INVENTORY_PORT
                    + ": choose another, or leave the samples out with --no-samples");
        }
    }

    private void requireFreePorts() throws IOException {
        List<Integer> ports = new ArrayList<>(List.of(options.port(), options.managementPort()));
        if (options.samples()) {
            ports.addAll(List.of(ORDERS_PORT, INVENTORY_PORT));
        }
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                socket.getLocalPort();
            } catch (IOException e) {
                throw new IOException(
                        "port " + port + " is in use: stop what listens there"
                                + (port == options.port() || port == options.managementPort()
                                        ? ", or choose another with --port"
                                        : ", or leave the samples out with --no-samples"),
                        e);
            }
        }
    }

    private int awaitEnd(PrintStream err) throws InterruptedException {
        List<Service> services;
        synchronized (this) {
            services = started.stream()
                    .filter(Service.class::isInstance)
                    .map(Service.class::cast)
                    .toList();
        }
        CompletableFuture.anyOf(services.stream().map(s -> s.process().onExit()).toArray(CompletableFuture[]::new))
                .join();
        if (isStopping()) {
            return 0;
        }
        services.stream()
                .filter(service -> !service.isAlive())
                .findFirst()
                .ifPresent(service -> err.println("gatehouse demo: " + service.name() + " has stopped; see "
                        + options.data().resolve("logs")));
        return 1;
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Registers what {@link #stop()} must close; what comes too late for that is closed at once. */
    private <T extends AutoCloseable> T remember(T resource) {
        synchronized (this) {
            if (!stopping) {
                started.push(resource);
                return resource;
            }
        }
        closeQuietly(resource);
        throw new IllegalStateException("stopped while it started");
    }

    /** First the services, then, once nothing more is being started, the stores. */
    private void stop() {
        List<AutoCloseable> resources;
        synchronized (this) {
            stopping = true;
            resources = List.copyOf(started);
        }
        resources.parallelStream().filter(Service.class::isInstance).forEach(Demo::closeQuietly);
        try {
            startEnded.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        resources.stream().filter(resource -> !(resource instanceof Service)).forEach(Demo::closeQuietly);
        if (directory != null) {
            closeQuietly(directory);
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("gatehouse demo: while stopping: " + e.getMessage());
        }
    }
}
