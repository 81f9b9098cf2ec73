package dev.gatehouse.server;

import dev.gatehouse.demo.LocalPostgres;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A migrated database of its own on a real PostgreSQL. */
public final class TestDatabase {
    private TestDatabase() {}

    public static JdbcClient create() {
        return JdbcClient.create(dataSource());
    }

    public static DriverManagerDataSource dataSource() {
        DriverManagerDataSource database =
                new DriverManagerDataSource(LocalPostgres.shared().newDatabase());
        Flyway.configure().dataSource(database).load().migrate();
        return database;
    }
}
