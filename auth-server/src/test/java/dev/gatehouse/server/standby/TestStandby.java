package dev.gatehouse.server.standby;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What stands by for a Redis that tests say is away. */
public final class TestStandby {
    private TestStandby() {}

    public static StandbyTable table(JdbcClient database) {
        return new StandbyTable(database);
    }

    public static Standby notNeeded(StringRedisTemplate redis) {
        return new Standby(redis, new SimpleMeterRegistry());
    }

    /** One that watches a port where nobody listens. */
    public static Standby needed() {
        LettuceConnectionFactory nowhere = new LettuceConnectionFactory("127.0.0.1", freePort());
        nowhere.afterPropertiesSet();
        nowhere.start();
        Standby standby = new Standby(new StringRedisTemplate(nowhere), new SimpleMeterRegistry());
        for (int i = 0; i < 3; i++) {
            standby.look();
        }
        nowhere.destroy();
        return standby;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
