package dev.gatehouse.server.ops;

import io.lettuce.core.RedisConnectionException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;
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
                return unreachable("PostgreSQL", postgres(), sql);
            }
            if (cause instanceof RedisConnectionException || cause instanceof RedisConnectionFailureException) {
                return unreachable("Redis", redis(), cause);
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
        String reason = root instanceof UnknownHostException ? "no such host" : String.valueOf(root.getMessage());
        return new FailureAnalysis(store + " is out of reach at " + address + ": " + reason, "", cause);
    }

    private String postgres() {
        String url = environment.getProperty("spring.datasource.url");
        return url == null ? "its default address (spring.datasource.url is not set)" : withoutCredentials(url);
    }

    private String redis() {
        return Stream.of("url", "sentinel.nodes", "cluster.nodes", "host")
                .map(name -> environment.getProperty("spring.data.redis." + name))
                .filter(Objects::nonNull)
                .findFirst()
                .map(UnreachableStoreFailureAnalyzer::withoutCredentials)
                .orElse("its default address (spring.data.redis.url is not set)");
    }

    private static String withoutCredentials(String url) {
        return url.replaceAll("[?].*", "").replaceAll("//.*@", "//");
    }
}
