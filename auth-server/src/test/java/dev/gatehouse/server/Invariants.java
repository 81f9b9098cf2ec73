package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.ApplicationContext;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * What holds after every flow: Redis and PostgreSQL hold no token, code, session cookie or password in clear, and every key in
 * Redis has a time to live.
 */
public final class Invariants implements AfterEachCallback {
    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

    /** From now on this value must not be found in any store. */
    public static String keepSecret(String value) {
        if (value.length() >= 16) {
            SECRETS.add(value);
        }
        return value;
    }

    @Override
    public void afterEach(ExtensionContext test) {
        ApplicationContext context = SpringExtension.getApplicationContext(test);
        List<String> contents = new ArrayList<>(redis(context.getBean(StringRedisTemplate.class)));
        contents.addAll(postgres(context.getBean(JdbcTemplate.class)));
        for (String content : contents) {
            for (String secret : SECRETS) {
                assertThat(content.contains(secret))
                        .as("a secret that begins with %s is stored in clear", secret.substring(0, 4))
                        .isFalse();
            }
        }
    }

    /** Every key and value, as text of one byte a character: serialised values hold short strings as they are. */
    private static List<String> redis(StringRedisTemplate redis) {
        List<String> contents = new ArrayList<>();
        redis.execute((RedisCallback<List<String>>) connection -> {
            try (var keys = connection.keyCommands().scan(ScanOptions.NONE)) {
                keys.forEachRemaining(key -> {
                    String name = new String(key, StandardCharsets.ISO_8859_1);
                    Long ttl = connection.keyCommands().pTtl(key);
                    assertThat(ttl).as("time to live of %s", name).isNotNull().isNotEqualTo(-1);
                    contents.add(name);
                    contents.addAll(values(connection, key));
                });
            }
            return contents;
        });
        return contents;
    }

    private static List<String> values(RedisConnection connection, byte[] key) {
        List<byte[]> values = new ArrayList<>();
        switch (connection.keyCommands().type(key)) {
            case STRING -> values.add(connection.stringCommands().get(key));
            case HASH ->
                connection.hashCommands().hGetAll(key).forEach((field, value) -> {
                    values.add(field);
                    values.add(value);
                });
            case SET -> values.addAll(connection.setCommands().sMembers(key));
            case LIST -> values.addAll(connection.listCommands().lRange(key, 0, -1));
            case ZSET -> values.addAll(connection.zSetCommands().zRange(key, 0, -1));
            case STREAM ->
                connection
                        .streamCommands()
                        .xRange(key, Range.unbounded())
                        .forEach(entry -> entry.getValue().values().forEach(values::add));
            case null, default -> {}
        }
        return values.stream()
                .filter(Objects::nonNull)
                .map(value -> new String(value, StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static List<String> postgres(JdbcTemplate jdbc) {
        List<String> contents = new ArrayList<>();
        for (String table : jdbc.queryForList(
                "select table_name from information_schema.tables where table_schema = 'public'", String.class)) {
            contents.addAll(jdbc.queryForList("select t::text from \"" + table + "\" t", String.class));
        }
        return contents;
    }
}
