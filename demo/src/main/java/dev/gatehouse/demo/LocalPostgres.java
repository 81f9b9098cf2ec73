package dev.gatehouse.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL on a free loopback port. */
public final class LocalPostgres implements AutoCloseable {
    private static @Nullable LocalPostgres shared;

    private final EmbeddedPostgres server;

    private final AtomicInteger databases = new AtomicInteger();

    private LocalPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts on a data directory that is kept, with writes synced to disk; it runs until it is closed or stopped. */
    public static LocalPostgres start(Path dataDirectory) throws IOException {
        stop(dataDirectory);
        try {
            return new LocalPostgres(builder()
                    .setDataDirectory(dataDirectory)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start());
        } catch (IOException | RuntimeException e) {
            stop(dataDirectory);
            throw new IOException("PostgreSQL did not start in " + dataDirectory + ": " + e.getMessage(), e);
        }
    }

    /** Stops what runs on the data directory, whoever started it. */
    static void stop(Path dataDirectory) throws IOException {
        Orphans.stopPostgres(dataDirectory);
    }

    /** Starts on a temporary directory, for tests. */
    public static LocalPostgres startTemporary() throws IOException {
        return new LocalPostgres(
                builder().setServerConfig("max_connections", "300").start());
    }

    /** One server for all tests of this JVM; take a {@link #newDatabase()} each. It stops with the JVM. */
    public static synchronized LocalPostgres shared() {
        if (shared == null) {
            try {
                shared = startTemporary();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    private static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(Duration.ofSeconds(60));
    }

    /** The JDBC URL of the default database, user included. */
    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    public int port() {
        return server.getPort();
    }

    /** Creates an empty database and returns its JDBC URL, user included. */
    public String newDatabase() {
        return newDatabase("template1");
    }

    /** Creates one with what is in the other, which nobody may be connected to. */
    public String newDatabaseLike(String url) {
        return newDatabase(url.replaceAll(".*/(test_\\d+).*", "$1"));
    }

    private String newDatabase(String template) {
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + template);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.getJdbcUrl("postgres", name);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
