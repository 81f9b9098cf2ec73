package dev.gatehouse.server.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** Browser sessions in Redis: {@code gh:session:{<digest>}}, a hash that lives as long as the browser may rest. */
final class RedisSessionStore implements SessionStore {
    private static final RedisScript<Long> WRITE = RedisScript.of("""
            local create, ttl, count = ARGV[1], ARGV[2], tonumber(ARGV[3])
            if create == '0' and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
            for i = 4, 3 + count * 2, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
            for i = 4 + count * 2, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
            redis.call('PEXPIRE', KEYS[1], ttl)
            return 1
            """, Long.class);

    private final StringRedisTemplate redis;

    RedisSessionStore(StringRedisTemplate redis) {
        this.redis = redis;
    }

    static String key(String digest) {
        return "gh:session:{" + digest + "}";
    }

    @Override
    public Map<String, String> fields(String digest) {
        return redis.<String, String>opsForHash().entries(key(digest));
    }

    @Override
    public void write(String digest, boolean create, Duration kept, Map<String, String> set, List<String> removed) {
        List<String> arguments = new ArrayList<>();
        arguments.add(create ? "1" : "0");
        arguments.add(Long.toString(kept.toMillis()));
        arguments.add(Integer.toString(set.size()));
        set.forEach((field, value) -> {
            arguments.add(field);
            arguments.add(value);
        });
        arguments.addAll(removed);
        redis.execute(WRITE, List.of(key(digest)), arguments.toArray());
    }

    @Override
    public boolean take(String digest, String field) {
        return redis.opsForHash().delete(key(digest), field) == 1;
    }

    @Override
    public void delete(String digest) {
        redis.delete(key(digest));
    }
}
