package dev.gatehouse.server.login;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.keys.ServerSecret;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sees over all servers whether stolen passwords are being tried on many accounts: a few tries on each, from many addresses, so that
 * no bucket notices.
 *
 * <p>What gives it away is how many different names fail, beside how many succeed. Different ones: somebody who guesses at one
 * account, or logs in to their own again and again, moves neither number. They are counted in Redis by slots of a tenth of the window,
 * and told by keyed digests; each server brings what it saw once a second and learns how all of them stand. While Redis is away each
 * server goes by what it has seen since, and it does not end; what was seen waits to be told.
 *
 * <pre>
 * gh:stuffing:{login}:failed:2939833   HyperLogLog of names, for one slot
 * gh:stuffing:{login}:passed:2939833   HyperLogLog of names, for one slot
 * gh:stuffing:{login}:until            while it is on: the time in milliseconds at which it ends
 * </pre>
 */
@Component
final class StuffingWatch {
    private static final Logger log = LoggerFactory.getLogger(StuffingWatch.class);

    private static final int SLOTS = 10;

    private static final int MOST_WAITING = 5_000;

    private static final int MOST_AT_ONCE = 1_000;

    private static final String PREFIX = "gh:stuffing:{login}:";

    /** Of all servers exactly one is told that it has begun or ended. */
    private static final RedisScript<String> COUNT = RedisScript.of("""
            local now, kept, hold, least, ratio, failures = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]),
                tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
            for i = 7, 6 + failures do redis.call('PFADD', KEYS[2], ARGV[i]) end
            for i = 7 + failures, #ARGV do redis.call('PFADD', KEYS[3], ARGV[i]) end
            redis.call('PEXPIRE', KEYS[2], kept)
            redis.call('PEXPIRE', KEYS[3], kept)
            local slots = (#KEYS - 1) / 2
            local failed, passed = {}, {}
            for i = 1, slots do failed[i], passed[i] = KEYS[i * 2], KEYS[i * 2 + 1] end
            local f, p = redis.call('PFCOUNT', unpack(failed)), redis.call('PFCOUNT', unpack(passed))
            local ends = tonumber(redis.call('GET', KEYS[1]) or '0')
            if f >= least and f >= ratio * (f + p) then
                redis.call('SET', KEYS[1], string.format('%.0f', now + hold), 'PX', kept)
                return f .. ' ' .. p .. (ends == 0 and ' began' or ' on')
            end
            if ends > now then return f .. ' ' .. p .. ' on' end
            if ends > 0 then
                redis.call('DEL', KEYS[1])
                return f .. ' ' .. p .. ' ended'
            end
            return f .. ' ' .. p .. ' off'
            """, String.class);

    private final StringRedisTemplate redis;

    private final LoginProperties.Stuffing properties;

    private final AuditLog auditLog;

    private final SecretKey key;

    private final InstantSource clock;

    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    private volatile boolean on;

    StuffingWatch(
            StringRedisTemplate redis,
            LoginProperties properties,
            AuditLog auditLog,
            ServerSecret serverSecret,
            InstantSource clock,
            MeterRegistry metrics) {
        this.redis = redis;
        this.properties = properties.stuffing();
        this.auditLog = auditLog;
        this.key = serverSecret.macKey("stuffing-names");
        this.clock = clock;
        Gauge.builder("gatehouse.login.stuffing", this, watch -> watch.on ? 1 : 0)
                .description("1 while logins on new devices need a second proof, because too many names fail")
                .register(metrics);
    }

    /** Whether a login on a device that is not known needs a second proof. */
    boolean isOn() {
        return on;
    }

    void failed(LoginName name) {
        note(failed, name);
    }

    void succeeded(LoginName name) {
        note(passed, name);
    }

    private void note(Set<String> names, LoginName name) {
        if (names.size() < MOST_WAITING) {
            names.add(digest(name));
        }
    }

    private String digest(LoginName name) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            byte[] digest = mac.doFinal(name.value().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 12));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.SECONDS)
    void count() {
        List<String> failures = some(failed);
        List<String> successes = some(passed);
        try {
            String answer = redis.execute(COUNT, keys(), arguments(failures, successes));
            failures.forEach(failed::remove);
            successes.forEach(passed::remove);
            tell(String.valueOf(answer).split(" ", -1));
        } catch (DataAccessException e) {
            log.debug("login failures wait to be counted: {}", e.toString());
            on |= isStuffing(failed.size(), passed.size());
        }
    }

    /** What all servers saw Redis judges; while it is away each goes by what it saw itself since then. */
    private boolean isStuffing(int failures, int successes) {
        return failures >= properties.failures() && failures >= properties.ratio() * (failures + successes);
    }

    private static List<String> some(Set<String> names) {
        return names.stream().limit(MOST_AT_ONCE).toList();
    }

    private List<String> keys() {
        long slot = clock.millis() / slotMillis();
        List<String> keys = new ArrayList<>();
        keys.add(PREFIX + "until");
        for (int i = 0; i < SLOTS; i++) {
            keys.add(PREFIX + "failed:" + (slot - i));
            keys.add(PREFIX + "passed:" + (slot - i));
        }
        return keys;
    }

    private Object[] arguments(List<String> failures, List<String> successes) {
        List<String> arguments = new ArrayList<>(List.of(
                Long.toString(clock.millis()),
                Long.toString(properties.window().toMillis() + slotMillis()),
                Long.toString(slotMillis()),
                Long.toString(properties.failures()),
                Double.toString(properties.ratio()),
                Integer.toString(failures.size())));
        arguments.addAll(failures);
        arguments.addAll(successes);
        return arguments.toArray();
    }

    private long slotMillis() {
        return properties.window().toMillis() / SLOTS;
    }

    private void tell(String[] answer) {
        String state = answer[2];
        on = state.equals("began") || state.equals("on");
        if (state.equals("began")) {
            log.warn(
                    "Stolen passwords seem to be tried on many accounts: {} names failed and {} succeeded within {}; logins on new"
                            + " devices need a second proof",
                    answer[0],
                    answer[1],
                    properties.window());
        }
        if (state.equals("ended")) {
            log.info("Logins on new devices need no second proof any more");
        }
        if (state.equals("began") || state.equals("ended")) {
            auditLog.record(SecurityEvent.of("login.stuffing", state)
                    .with("failed", answer[0])
                    .with("passed", answer[1]));
        }
    }
}
