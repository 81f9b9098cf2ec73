package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class LocalStoresTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void redisKeepsItsDataOverAKillAndARestart() throws IOException, InterruptedException {
        try (LocalRedis redis = LocalRedis.start(directory)) {
            assertThat(ask(redis.port(), "SET k v\r\n")).startsWith("+OK");
            assertThat(ask(redis.port(), "CONFIG SET appendfsync always\r\nSET k2 v2\r\n"))
                    .startsWith("+OK");
            redis.kill();
            redis.restart();
            assertThat(ask(redis.port(), "EXISTS k\r\n")).startsWith(":1");
        }
    }

    @Test
    void aRedisThatAKilledDemoLeftBehindIsReplaced() throws IOException {
        LocalRedis orphan = LocalRedis.start(directory);
        try (LocalRedis redis = LocalRedis.start(directory)) {
            assertThat(ProcessHandle.of(orphan.pid()).filter(Orphans::runs)).isEmpty();
            assertThat(ask(redis.port(), "PING\r\n")).startsWith("+PONG");
        }
    }

    @Test
    void postgresKeepsItsDataOverARestart() throws IOException, SQLException {
        Path data = directory.resolve("postgres");
        try (LocalPostgres postgres = LocalPostgres.start(data);
                var connection = DriverManager.getConnection(postgres.url());
                var statement = connection.createStatement()) {
            statement.execute("create table kept (v int)");
        }
        try (LocalPostgres postgres = LocalPostgres.start(data);
                var connection = DriverManager.getConnection(postgres.url());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from kept")) {
            assertThat(rows.next()).isTrue();
        }
    }

    private static String ask(int port, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[64];
            int n = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(n, 0), StandardCharsets.US_ASCII);
        }
    }
}
