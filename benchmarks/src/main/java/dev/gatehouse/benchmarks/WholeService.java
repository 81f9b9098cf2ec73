package dev.gatehouse.benchmarks;

import dev.gatehouse.benchmarks.service.SmallService;
import dev.gatehouse.verifier.ScriptedIssuer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs a whole service, as processor time of its process: with the endpoint open, without and with a token in the request, protected by the starter, and
 * protected by Spring's own resource server. 32 connections, tokens of 16 people again and again, rounds in turns.
 */
final class WholeService {
    private static final int CONNECTIONS = 32;

    private static final int TOKENS = 16;

    private static final int ROUNDS = 5;

    private static final Duration WARM_UP = Duration.ofSeconds(12);

    private static final Duration ROUND = Duration.ofSeconds(6);

    private WholeService() {}

    private record Service(
            String kind,
            Process process,
            int port,
            @Nullable List<String> tokens) {}

    static void print() throws IOException, InterruptedException {
        try (Bench issuer = new Bench(1000)) {
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < TOKENS; i++) {
                tokens.add(issuer.token());
            }
            List<Service> services = new ArrayList<>();
            try {
                Service open = start("open", null);
                services.add(open);
                services.add(new Service("open, and sent the token", open.process(), open.port(), tokens));
                services.add(start(
                        "gatehouse",
                        tokens,
                        "--gatehouse.verifier.issuer=" + issuer.issuer(),
                        "--gatehouse.verifier.audience=" + ScriptedIssuer.AUDIENCE,
                        "--gatehouse.verifier.client-id=" + ScriptedIssuer.CLIENT,
                        "--gatehouse.verifier.client-secret=" + ScriptedIssuer.SECRET));
                services.add(start(
                        "stock",
                        tokens,
                        "--issuer=" + issuer.issuer(),
                        "--keys=" + issuer.keys(),
                        "--audience=" + ScriptedIssuer.AUDIENCE));
                measure(services);
            } finally {
                services.forEach(service -> service.process().destroy());
            }
        }
    }

    private static Service start(String kind, @Nullable List<String> tokens, String... settings)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SmallService.class.getName(),
                "--spring.profiles.active=" + kind,
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--server.tomcat.max-keep-alive-requests=-1",
                "--logging.level.root=warn",
                "--spring.main.banner-mode=off"));
        if (!kind.equals("gatehouse")) {
            command.add("--spring.autoconfigure.exclude="
                    + "dev.gatehouse.verifier.spring.GatehouseVerifierAutoConfiguration,"
                    + "dev.gatehouse.verifier.spring.GatehouseWebSecurityAutoConfiguration,"
                    + "dev.gatehouse.verifier.spring.GatehouseMetricsAutoConfiguration,"
                    + "dev.gatehouse.verifier.spring.GatehouseHealthAutoConfiguration");
        }
        command.addAll(Arrays.asList(settings));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Service service = new Service(kind, process, port, tokens);
        for (int attempt = 0; !isServing(service); attempt++) {
            if (attempt == 600 || !process.isAlive()) {
                process.destroy();
                throw new IOException("the " + kind + " service does not serve");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return service;
    }

    private static boolean isServing(Service service) {
        try (Connection connection = new Connection(service.port())) {
            return connection.get(
                    service.tokens() == null ? null : service.tokens().getFirst());
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void measure(List<Service> services) throws InterruptedException {
        for (Service service : services) {
            costOfOne(service, WARM_UP);
        }
        double[] least = new double[services.size()];
        Arrays.fill(least, Double.MAX_VALUE);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < services.size(); i++) {
                least[i] = Math.min(least[i], costOfOne(services.get(i), ROUND));
            }
        }
        System.out.println("| service | CPU-ms for a request | of the open endpoint |");
        System.out.println("|---|---|---|");
        for (int i = 0; i < services.size(); i++) {
            System.out.printf("| %s | %.4f | %.2f |%n", services.get(i).kind(), least[i], least[i] / least[0]);
        }
    }

    /** In milliseconds of processor time; the least of the rounds is the one that others disturbed least. */
    private static double costOfOne(Service service, Duration time) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        LongAdder answered = new LongAdder();
        List<Thread> threads = new ArrayList<>();
        Duration before = service.process().info().totalCpuDuration().orElseThrow();
        for (int i = 0; i < CONNECTIONS; i++) {
            int first = i;
            threads.add(Thread.ofPlatform().start(() -> load(service, first, over, answered)));
        }
        Thread.sleep(time);
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        Duration spent =
                service.process().info().totalCpuDuration().orElseThrow().minus(before);
        return spent.toNanos() / 1e6 / answered.sum();
    }

    private static void load(Service service, int first, AtomicBoolean over, LongAdder answered) {
        List<String> tokens = service.tokens();
        try (Connection connection = new Connection(service.port())) {
            for (int i = first; !over.get(); i++) {
                if (!connection.get(tokens == null ? null : tokens.get(i % TOKENS))) {
                    throw new IllegalStateException("a request was refused");
                }
                answered.increment();
            }
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** One keep-alive connection. */
    private static final class Connection implements AutoCloseable {
        private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final Socket socket;

        private final InputStream in;

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        /** Whether the answer is 200; its body is one chunk or has a length. */
        boolean get(@Nullable String token) throws IOException {
            String authorization = token == null ? "" : "Authorization: Bearer " + token + "\r\n";
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: localhost\r\n" + authorization + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String head = readHead();
            if (head.contains("chunked")) {
                String tail = "";
                while (!tail.endsWith("0\r\n\r\n")) {
                    tail += (char) read();
                }
            } else {
                String length = head.replaceAll("(?is).*content-length: *([0-9]+).*", "$1");
                in.skipNBytes(Long.parseLong(length));
            }
            return head.startsWith("HTTP/1.1 200");
        }

        private String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            for (int matched = 0; matched < END.length; ) {
                int next = read();
                head.append((char) next);
                matched = next == END[matched] ? matched + 1 : next == END[0] ? 1 : 0;
            }
            return head.toString();
        }

        private int read() throws IOException {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            return next;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
