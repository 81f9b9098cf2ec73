package dev.gatehouse.server.ops;

import io.lettuce.core.RedisConnectionException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.RedisConnectionFailureException;

/** Says in one line which store cannot be reached. */
final class UnreachableStoreFailureAnalyzer implements FailureAnalyzer {
    private final Environment environment;

    UnreachableStoreFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isConnectionState(sql.getSQLState())) {
                return unreachable("PostgreSQL", address("spring.datasource.url"), sql);
            }
            if (cause instanceof RedisConnectionException || cause instanceof RedisConnectionFailureException) {
                return unreachable("Redis", address("spring.data.redis.url"), cause);
            }
        }
        return null;
    }

    /** SQLSTATE classes 08 (connection), 28 (authorization), 57P (not accepting) and 3D (no such database). */
    private static boolean isConnectionState(@Nullable String state) {
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("28")
                        || state.startsWith("57P")
                        || state.startsWith("3D"));
    }

    private static FailureAnalysis unreachable(String store, String address, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new FailureAnalysis(store + " is out of reach at " + address + ": " + root.getMessage(), "", cause);
    }

    /** The configured address without the credentials that it may carry. */
    private String address(String property) {
        String url = environment.getProperty(property, "its default address (" + property + " is not set)");
        return url.replaceAll("//[^/@]*@", "//").replaceAll("[?].*", "");
    }
}
