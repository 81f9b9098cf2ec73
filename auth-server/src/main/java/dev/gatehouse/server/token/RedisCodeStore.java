package dev.gatehouse.server.token;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** Authorization codes in Redis: {@code gh:code:{<digest>}}, a hash. */
final class RedisCodeStore implements CodeStore {
    private static final RedisScript<Long> ISSUE = RedisScript.of("""
            redis.call('HSET', KEYS[1], 'pending', ARGV[1])
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            """, Long.class);

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> CLAIM = RedisScript.of("""
            if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
            if redis.call('HSETNX', KEYS[1], 'jti', ARGV[1]) == 1 then
                redis.call('HSET', KEYS[1], 'family', ARGV[2])
                redis.call('PEXPIRE', KEYS[1], ARGV[3])
            end
            return redis.call('HGETALL', KEYS[1])
            """, List.class);

    private final StringRedisTemplate redis;

    RedisCodeStore(StringRedisTemplate redis) {
        this.redis = redis;
    }

    static String key(String digest) {
        return "gh:code:{" + digest + "}";
    }

    @Override
    public void issue(String digest, String pending, Duration lifetime) {
        redis.execute(ISSUE, List.of(key(digest)), pending, Long.toString(lifetime.toMillis()));
    }

    @Override
    public Optional<String> pending(String digest) {
        return Optional.ofNullable(redis.<String, String>opsForHash().get(key(digest), "pending"));
    }

    @Override
    public Map<String, String> claim(String digest, String jti, boolean refreshable, Duration kept) {
        List<?> answer = redis.execute(
                CLAIM, List.of(key(digest)), jti, refreshable ? "1" : "0", Long.toString(kept.toMillis()));
        Map<String, String> code = new HashMap<>();
        for (int i = 0; i < answer.size(); i += 2) {
            code.put((String) answer.get(i), (String) answer.get(i + 1));
        }
        return code;
    }
}
