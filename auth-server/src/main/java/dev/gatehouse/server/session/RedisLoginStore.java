package dev.gatehouse.server.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Logins in Redis: {@code gh:login:{<sid>}}, a hash beside the browser's session, which is in another slot.
 * {@code gh:logins:{<account>}}, a sorted set, has the sids of a person by the time when they are forgotten.
 */
final class RedisLoginStore implements LoginStore {
    private static final RedisScript<Long> BEGIN = RedisScript.of("""
            local how, account, session, now, idle, absolute, began, address, device = unpack(ARGV)
            local old = redis.call('HMGET', KEYS[1], 'account', 'ended')
            if how == 'AGAIN' and (old[1] ~= account or old[2]) then return 0 end
            if how == 'CARRY_ON' and (old[1] and old[1] ~= account or old[2]) then return 0 end
            local latest = now + absolute
            redis.call('HSET', KEYS[1], 'account', account, 'session', session,
                'until', string.format('%.0f', now + idle), 'latest', string.format('%.0f', latest),
                'began', began, 'used', now, 'address', address, 'device', device)
            if redis.call('PTTL', KEYS[1]) < tonumber(absolute) then redis.call('PEXPIRE', KEYS[1], absolute) end
            return 1
            """, Long.class);

    private static final RedisScript<Long> USE = RedisScript.of("""
            local now, idle, address = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
            local login = redis.call('HMGET', KEYS[1], 'until', 'latest', 'ended')
            if not login[1] or login[3] or tonumber(login[1]) <= now then return 0 end
            redis.call('HSET', KEYS[1], 'until', string.format('%.0f', math.min(now + idle, tonumber(login[2]))),
                'used', ARGV[1], 'address', address)
            return 1
            """, Long.class);

    private static final RedisScript<String> ATTACH = RedisScript.of("""
            local now, field, value, kept, client = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
            local login = redis.call('HMGET', KEYS[1], 'until', 'ended', 'account')
            if not login[1] or login[2] or tonumber(login[1]) <= now then return '' end
            if redis.call('HLEN', KEYS[1]) > 40 then
                local fields = redis.call('HGETALL', KEYS[1])
                for i = 1, #fields, 2 do
                    local over = string.sub(fields[i], 1, 2) == 'j:' and tonumber(string.match(fields[i + 1], '^%d+'))
                    if over and over < now then redis.call('HDEL', KEYS[1], fields[i]) end
                end
            end
            redis.call('HSET', KEYS[1], field, value, 'c:' .. client, '1')
            if redis.call('PTTL', KEYS[1]) < kept then redis.call('PEXPIRE', KEYS[1], kept) end
            return login[3]
            """, String.class);

    /** Notes a login of a person, forgets those whose time is over, and keeps the set as long as the last of them. */
    private static final RedisScript<Long> INDEX = RedisScript.of("""
            local sid, now, forgotten = ARGV[1], ARGV[2], ARGV[3]
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
            local before = redis.call('ZSCORE', KEYS[1], sid)
            if not before or tonumber(before) < tonumber(forgotten) then redis.call('ZADD', KEYS[1], forgotten, sid) end
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', tonumber(last[2])))
            return 1
            """, Long.class);

    /** Answers with the fields; empty when there is no such login. */
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final RedisScript<List> END = RedisScript.of("""
            local fields = redis.call('HGETALL', KEYS[1])
            if #fields == 0 then return {} end
            redis.call('HSET', KEYS[1], 'ended', '1')
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return fields
            """, List.class);

    private final StringRedisTemplate redis;

    private final Duration idle;

    private final Duration absolute;

    private final InstantSource clock;

    RedisLoginStore(StringRedisTemplate redis, Duration idle, Duration absolute, InstantSource clock) {
        this.redis = redis;
        this.idle = idle;
        this.absolute = absolute;
        this.clock = clock;
    }

    private static String key(String sid) {
        return "gh:login:{" + sid + "}";
    }

    private static String indexKey(String accountId) {
        return "gh:logins:{" + accountId + "}";
    }

    @Override
    public boolean begin(String sid, How how, String accountId, Beginning beginning) {
        if (how != How.AGAIN) {
            // Known before it is there: a login that nobody can find could not be ended.
            index(accountId, sid, absolute);
        }
        return isOne(redis.execute(
                BEGIN,
                List.of(key(sid)),
                how.name(),
                accountId,
                beginning.session(),
                now(),
                millis(idle),
                millis(absolute),
                Long.toString(beginning.at().toEpochMilli()),
                beginning.address(),
                beginning.device()));
    }

    private void index(String accountId, String sid, Duration kept) {
        redis.execute(INDEX, List.of(indexKey(accountId)), sid, now(), Long.toString(clock.millis() + kept.toMillis()));
    }

    @Override
    public boolean use(String sid, String address) {
        return isOne(redis.execute(USE, List.of(key(sid)), now(), millis(idle), address));
    }

    @Override
    public boolean attach(String sid, String field, String value, String clientId, Duration kept) {
        String account = redis.execute(ATTACH, List.of(key(sid)), now(), field, value, millis(kept), clientId);
        if (account == null || account.isEmpty()) {
            return false;
        }
        index(account, sid, kept);
        return true;
    }

    @Override
    public boolean isAlive(String sid) {
        List<String> login = redis.<String, String>opsForHash().multiGet(key(sid), List.of("until", "ended"));
        String until = login.get(0);
        return until != null && login.get(1) == null && Long.parseLong(until) > clock.millis();
    }

    @Override
    public boolean canEnd(String sid) {
        List<String> login = redis.<String, String>opsForHash().multiGet(key(sid), List.of("until", "ended"));
        return login.get(0) != null && login.get(1) == null;
    }

    @Override
    public Map<String, String> fields(String sid) {
        return redis.<String, String>opsForHash().entries(key(sid));
    }

    @Override
    public Map<String, String> end(String sid) {
        List<?> answer = redis.execute(END, List.of(key(sid)), millis(ENDED_KEPT));
        Map<String, String> login = new HashMap<>();
        for (int i = 0; answer != null && i < answer.size(); i += 2) {
            login.put(String.valueOf(answer.get(i)), String.valueOf(answer.get(i + 1)));
        }
        String account = login.get("account");
        if (account != null) {
            redis.opsForZSet().remove(indexKey(account), sid);
        }
        return login;
    }

    @Override
    public Set<String> of(String accountId) {
        Set<String> sids =
                redis.opsForZSet().rangeByScore(indexKey(accountId), (double) clock.millis(), Double.MAX_VALUE);
        return sids == null ? Set.of() : sids;
    }

    private String now() {
        return Long.toString(clock.millis());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static boolean isOne(@Nullable Long answer) {
        return answer != null && answer == 1;
    }
}
