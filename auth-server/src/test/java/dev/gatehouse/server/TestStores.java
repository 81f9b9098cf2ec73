package dev.gatehouse.server;

import dev.gatehouse.demo.LocalMail;
import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.demo.LocalRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Gives a test's server a database and a Redis of its own, and free ports. */
final class TestStores implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    static final String ADMIN_PASSWORD = "only-in-this-test-5Keys";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        int port = freePort();
        LocalRedis redis = LocalRedis.startTemporary();
        LocalMail mail = LocalMail.start();
        context.getBeanFactory().registerSingleton("localRedis", redis);
        context.getBeanFactory().registerSingleton("localMail", mail);
        TestPropertyValues.of(
                        "server.port=" + port,
                        "server.address=127.0.0.1",
                        "management.server.port=" + freePort(),
                        "gatehouse.issuer=http://localhost:" + port,
                        "gatehouse.keys.master-key=" + MASTER_KEY,
                        "gatehouse.demo.enabled=true",
                        "gatehouse.demo.admin-password=" + ADMIN_PASSWORD,
                        "spring.datasource.url=" + LocalPostgres.shared().newDatabase(),
                        "spring.data.redis.url=" + redis.url(),
                        "spring.mail.host=127.0.0.1",
                        "spring.mail.port=" + mail.port(),
                        "gatehouse.mail.from=gatehouse@localhost",
                        "gatehouse.login.registration=true")
                .applyTo(context);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
