package dev.gatehouse.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What the launcher's tests run as the auth server: healthy at once, and a witness of how it was stopped. */
final class StandIn {
    static final String NEVER_HEALTHY = "STAND_IN_NEVER_HEALTHY";

    private StandIn() {}

    public static void main(String[] arguments) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(StandIn::testify));
        serve(setting("SERVER_PORT"), 404);
        serve(setting("MANAGEMENT_SERVER_PORT"), System.getenv().containsKey(NEVER_HEALTHY) ? 503 : 200);
    }

    private static String setting(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    private static void serve(String port, int status) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    /** Takes its time to stop, as a server with open requests does, and writes down whether PostgreSQL was there so long. */
    private static void testify() {
        Path data = Objects.requireNonNull(
                Path.of(setting("GATEHOUSE_KEYS_MASTERKEYFILE")).getParent());
        int postgres = URI.create(setting("SPRING_DATASOURCE_URL").substring("jdbc:".length()))
                .getPort();
        try {
            boolean there = true;
            for (int look = 0; look < 20 && there; look++) {
                TimeUnit.MILLISECONDS.sleep(100);
                there = answers(postgres);
            }
            Files.writeString(data.resolve("testimony"), there ? "PostgreSQL outlived me" : "PostgreSQL went first");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
