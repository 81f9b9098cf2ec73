package dev.gatehouse.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * A PostgreSQL and a Redis of a moment, and the settings with which an auth server runs on them with the demo's data, on free ports of the loopback.
 * As a program it runs a command that finds these settings in its environment.
 */
public final class PassingStores implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LocalRedis redis;

    private final String issuer;

    private final Map<String, String> settings;

    private PassingStores(LocalRedis redis, String issuer, Map<String, String> settings) {
        this.redis = redis;
        this.issuer = issuer;
        this.settings = settings;
    }

    public static void main(String[] command) throws IOException, InterruptedException {
        int status;
        try (PassingStores stores = start()) {
            ProcessBuilder process = new ProcessBuilder(command).inheritIO();
            process.environment().putAll(stores.settings());
            status = process.start().waitFor();
        }
        System.exit(status);
    }

    static PassingStores start() throws IOException {
        int port = freePort();
        String issuer = "http://localhost:" + port;
        LocalRedis redis = LocalRedis.startTemporary();
        return new PassingStores(
                redis,
                issuer,
                Map.of(
                        "SERVER_ADDRESS",
                        "127.0.0.1",
                        "SERVER_PORT",
                        Integer.toString(port),
                        "MANAGEMENT_SERVER_PORT",
                        Integer.toString(freePort()),
                        "GATEHOUSE_ISSUER",
                        issuer,
                        "GATEHOUSE_KEYS_MASTERKEY",
                        random(),
                        "GATEHOUSE_DEMO_ENABLED",
                        "true",
                        "GATEHOUSE_DEMO_ADMINPASSWORD",
                        random(),
                        "SPRING_DATASOURCE_URL",
                        LocalPostgres.shared().newDatabase(),
                        "SPRING_DATA_REDIS_URL",
                        redis.url()));
    }

    String issuer() {
        return issuer;
    }

    Map<String, String> settings() {
        return settings;
    }

    @Override
    public void close() {
        redis.close();
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }
}
