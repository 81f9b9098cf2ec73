package dev.gatehouse.server.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.session.SessionRepository;

/**
 * Browser sessions in Redis: {@code gh:session:{<SHA-256 of the id, base64url>}}, a hash that lives as long as the browser
 * may rest.
 *
 * <pre>
 * created   1763900000000      milliseconds
 * accessed  1763900012345      to within half a minute
 * idle      900                seconds
 * a:login   {"v":1,"type":"login",...}
 * </pre>
 *
 * A request writes only the attributes that it changed, so that two tabs do not overwrite each other's. A session that
 * was deleted meanwhile stays deleted.
 */
final class RedisSessions implements SessionRepository<RedisSession> {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final int ID_BYTES = 32;

    private static final Duration ACCESS_GRAIN = Duration.ofSeconds(30);

    private static final String ATTRIBUTE = "a:";

    private static final RedisScript<Long> WRITE = RedisScript.of("""
            local create, ttl, count = ARGV[1], ARGV[2], tonumber(ARGV[3])
            if create == '0' and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
            for i = 4, 3 + count * 2, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
            for i = 4 + count * 2, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
            redis.call('PEXPIRE', KEYS[1], ttl)
            return 1
            """, Long.class);

    private final StringRedisTemplate redis;

    private final SessionValues values;

    private final SecureRandom random;

    private final InstantSource clock;

    private final Duration anonymousTimeout;

    RedisSessions(
            StringRedisTemplate redis,
            SessionValues values,
            SecureRandom random,
            InstantSource clock,
            Duration anonymousTimeout) {
        this.redis = redis;
        this.values = values;
        this.random = random;
        this.clock = clock;
        this.anonymousTimeout = anonymousTimeout;
    }

    /** Whether a session id of ours could look like this. */
    static boolean isPlausible(String id) {
        return ID.matcher(id).matches();
    }

    /** What stands for a session id wherever it is stored. */
    static String digest(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    static String key(String digest) {
        return "gh:session:{" + digest + "}";
    }

    @Override
    public RedisSession createSession() {
        return new RedisSession(this::newId, clock.instant(), anonymousTimeout);
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public @Nullable RedisSession findById(String id) {
        if (!isPlausible(id)) {
            return null;
        }
        Map<String, String> stored = fields(id);
        String created = stored.get("created");
        String accessed = stored.get("accessed");
        String idle = stored.get("idle");
        if (created == null || accessed == null || idle == null) {
            return null;
        }
        return new RedisSession(
                this::newId,
                id,
                Instant.ofEpochMilli(Long.parseLong(created)),
                Instant.ofEpochMilli(Long.parseLong(accessed)),
                Duration.ofSeconds(Long.parseLong(idle)),
                attributes(stored));
    }

    private Map<String, String> fields(String id) {
        return redis.<String, String>opsForHash().entries(key(digest(id)));
    }

    private Map<String, Object> attributes(Map<String, String> stored) {
        Map<String, Object> attributes = new HashMap<>();
        stored.forEach((field, value) -> {
            if (field.startsWith(ATTRIBUTE)) {
                values.read(value).ifPresent(v -> attributes.put(field.substring(ATTRIBUTE.length()), v));
            }
        });
        return attributes;
    }

    @Override
    public void save(RedisSession session) {
        if (!session.isDirty(ACCESS_GRAIN)) {
            return;
        }
        String storedId = session.storedId();
        if (session.getId().equals(storedId)) {
            write(session, false, new HashMap<>());
        } else if (storedId == null) {
            write(session, true, new HashMap<>());
        } else {
            // The new id lies in another hash slot: what other tabs wrote meanwhile is carried over, then the old id
            // dies.
            write(session, true, new HashMap<>(fields(storedId)));
            deleteById(storedId);
        }
        session.stored();
    }

    private void write(RedisSession session, boolean create, Map<String, String> set) {
        set.put("created", Long.toString(session.getCreationTime().toEpochMilli()));
        set.put("accessed", Long.toString(session.getLastAccessedTime().toEpochMilli()));
        set.put("idle", Long.toString(session.getMaxInactiveInterval().toSeconds()));
        List<String> removed = new ArrayList<>();
        for (String name : session.changed()) {
            Object value = session.getAttribute(name);
            if (value == null) {
                removed.add(ATTRIBUTE + name);
            } else {
                set.put(ATTRIBUTE + name, values.write(value));
            }
        }
        List<String> arguments = new ArrayList<>();
        arguments.add(create ? "1" : "0");
        arguments.add(Long.toString(session.getMaxInactiveInterval().toMillis()));
        arguments.add(Integer.toString(set.size()));
        set.forEach((field, value) -> {
            arguments.add(field);
            arguments.add(value);
        });
        arguments.addAll(removed);
        redis.execute(WRITE, List.of(key(digest(session.getId()))), arguments.toArray());
    }

    /** Removes an attribute from the stored session; of several at once exactly one caller removed it. */
    boolean take(String id, String attribute) {
        return redis.opsForHash().delete(key(digest(id)), ATTRIBUTE + attribute) == 1;
    }

    @Override
    public void deleteById(String id) {
        if (isPlausible(id)) {
            deleteByDigest(digest(id));
        }
    }

    void deleteByDigest(String digest) {
        redis.delete(key(digest));
    }
}
