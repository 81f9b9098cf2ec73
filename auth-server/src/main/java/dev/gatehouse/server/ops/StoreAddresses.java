package dev.gatehouse.server.ops;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.core.env.Environment;

/** Whether the stores' addresses can be addresses at all. What is wrong with one is said without it: it may hold a password. */
final class StoreAddresses {
    private StoreAddresses() {}

    static List<String> problems(Environment environment) {
        List<String> problems = new ArrayList<>();
        String database = environment.getProperty("spring.datasource.url", "");
        if (database.isBlank()) {
            problems.add("spring.datasource.url must be set, for example to jdbc:postgresql://db:5432/gatehouse");
        } else if (!database.startsWith("jdbc:postgresql:")) {
            problems.add("spring.datasource.url must begin with jdbc:postgresql:");
        }
        String redis = environment.getProperty("spring.data.redis.url");
        if (redis != null && !isRedis(redis)) {
            problems.add("spring.data.redis.url must be like redis://host:6379 or rediss://host:6379");
        }
        return problems;
    }

    private static boolean isRedis(String url) {
        try {
            URI uri = URI.create(url);
            return Set.of("redis", "rediss").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
