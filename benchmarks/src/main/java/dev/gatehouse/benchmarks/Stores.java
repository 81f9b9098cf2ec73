package dev.gatehouse.benchmarks;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.demo.LocalRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * PostgreSQL and Redis for a run of the benchmarks: prints where they are in one line of JSON, executes each line of its
 * input as an SQL statement and answers it, and stops both when the input ends.
 */
final class Stores {
    private Stores() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        Path directory = Files.createTempDirectory("gatehouse-benchmarks");
        try (LocalPostgres postgres = LocalPostgres.start(directory.resolve("postgres"));
                LocalRedis redis = LocalRedis.start(directory.resolve("redis"));
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String postmaster = Files.readAllLines(directory.resolve("postgres/postmaster.pid"))
                    .getFirst();
            System.out.printf(
                    "{\"postgres\":{\"url\":\"%s\",\"pid\":%s},\"redis\":{\"url\":\"%s\",\"port\":%d,\"pid\":%d}}%n",
                    postgres.url(), postmaster, redis.url(), redis.port(), redis.pid());
            execute(postgres.url(), input);
        } finally {
            delete(directory);
        }
    }

    private static void execute(String url, BufferedReader input) throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println("done " + answer(statement, line));
            }
        }
    }

    /** The first column of the first row that it selects. */
    private static String answer(Statement statement, String sql) throws SQLException {
        if (!statement.execute(sql)) {
            return "";
        }
        try (ResultSet rows = statement.getResultSet()) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
