package dev.gatehouse.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.demo.LocalPostgres;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A migrated database of its own on a real PostgreSQL. */
public final class TestDatabase {
    private static @Nullable String migrated;

    private TestDatabase() {}

    public static JdbcClient create() {
        return JdbcClient.create(dataSource());
    }

    /** Keeps its connections for a moment: to open one takes longer than most statements. */
    public static DataSource dataSource() {
        HikariDataSource database = new HikariDataSource();
        database.setJdbcUrl(LocalPostgres.shared().newDatabaseLike(migrated()));
        database.setMaximumPoolSize(8);
        database.setMinimumIdle(0);
        database.setIdleTimeout(10_000);
        return database;
    }

    private static synchronized String migrated() {
        if (migrated == null) {
            migrated = LocalPostgres.shared().newDatabase();
            Flyway.configure()
                    .dataSource(new DriverManagerDataSource(migrated))
                    .load()
                    .migrate();
        }
        return migrated;
    }
}
