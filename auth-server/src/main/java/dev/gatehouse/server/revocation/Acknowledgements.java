package dev.gatehouse.server.revocation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Which verifiers are connected to any issuer, and how far each has got, in Redis and by its clock.
 *
 * <pre>
 * gh:{revocation}:verifiers   hash   inventory/pod-7.4f1c:seen      1763900000123
 *                                    inventory/pod-7.4f1c:applied   1763900000000-43 1763900000131
 * </pre>
 */
final class Acknowledgements {
    static final String KEY = "gh:{revocation}:verifiers";

    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    /** An issuer that died no longer says that its verifiers are there. */
    private static final Duration GONE = Duration.ofSeconds(6);

    private static final int PAGE = 1000;

    private static final String CLOCK = """
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            local function text(n) return string.format('%.0f', n) end
            local function position(words)
                local e, s = string.match(words, '^(%d+)%-(%d+)')
                return tonumber(e), tonumber(s)
            end
            local function before(words, others)
                local e, s = position(words)
                local oe, os = position(others)
                return e < oe or e == oe and s < os
            end
            local function writtenAt(id)
                local entry = redis.call('XRANGE', KEYS[2], id, id)[1]
                for i = 1, entry and #entry[2] or 0, 2 do
                    if entry[2][i] == 'at' then return tonumber(entry[2][i + 1]) end
                end
            end
            """;

    /** ARGV: time to live in ms, then names. */
    private static final RedisScript<Long> SEEN = RedisScript.of(CLOCK + """
            for i = 2, #ARGV do redis.call('HSET', KEYS[1], ARGV[i] .. ':seen', text(now)) end
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return #ARGV
            """, Long.class);

    /** ARGV: time to live in ms, name, position from which it reads on: everything before it has it had at once. */
    private static final RedisScript<Long> CONNECTED = RedisScript.of(CLOCK + """
            local held = redis.call('HGET', KEYS[1], ARGV[2] .. ':applied')
            if not held or before(held, ARGV[3]) then
                redis.call('HSET', KEYS[1], ARGV[2] .. ':applied', ARGV[3] .. ' 0')
            end
            redis.call('HSET', KEYS[1], ARGV[2] .. ':seen', text(now))
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return 1
            """, Long.class);

    /**
     * ARGV: time to live in ms, name, position, the first entry that this is the acknowledgement of, ms since that was
     * applied. Answers with the ms from that entry's writing to its application, or -1.
     */
    private static final RedisScript<Long> APPLIED = RedisScript.of(CLOCK + """
            local held = redis.call('HGET', KEYS[1], ARGV[2] .. ':applied')
            if not held or before(held, ARGV[3]) then
                redis.call('HSET', KEYS[1], ARGV[2] .. ':applied', ARGV[3] .. ' ' .. text(now))
                redis.call('PEXPIRE', KEYS[1], ARGV[1])
            end
            local at = writtenAt(ARGV[4])
            return at and math.max(0, now - tonumber(ARGV[5]) - at) or -1
            """, Long.class);

    /** ARGV: position, ms after which a verifier is gone, most names. */
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final RedisScript<List> RECEIPT = RedisScript.of(CLOCK + """
            local all, applied, seen = redis.call('HGETALL', KEYS[1]), {}, {}
            for i = 1, #all, 2 do
                local name, what = string.match(all[i], '^(.*):(%a+)$')
                if what == 'applied' then applied[name] = all[i + 1]
                elseif now - tonumber(all[i + 1]) <= tonumber(ARGV[2]) then seen[#seen + 1] = name end
            end
            local at, done, slowest, stragglers = writtenAt(ARGV[1]), 0, -1, {}
            for _, name in ipairs(seen) do
                if applied[name] and not before(applied[name], ARGV[1]) then
                    done = done + 1
                    if at then slowest = math.max(slowest, 0, tonumber(string.match(applied[name], '%d+$')) - at) end
                elseif #stragglers < tonumber(ARGV[3]) then
                    stragglers[#stragglers + 1] = name
                end
            end
            table.sort(stragglers)
            return {text(#seen), text(done), text(slowest), unpack(stragglers)}
            """, List.class);

    /** ARGV: ms after which a verifier is forgotten. */
    private static final RedisScript<Long> FORGET = RedisScript.of(CLOCK + """
            local all, seen = redis.call('HGETALL', KEYS[1]), {}
            for i = 1, #all, 2 do
                local name, what = string.match(all[i], '^(.*):(%a+)$')
                if what == 'seen' then seen[name] = tonumber(all[i + 1]) end
            end
            for i = 1, #all, 2 do
                local name = string.match(all[i], '^(.*):%a+$')
                if now - (seen[name] or 0) > tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], all[i]) end
            end
            return 1
            """, Long.class);

    private static final List<String> KEYS = List.of(KEY, LogScripts.LOG_KEY);

    private final StringRedisTemplate redis;

    /** How many connections each has: a new one may come before the end of the old one is noticed. */
    private final Map<String, Integer> connectedHere = new ConcurrentHashMap<>();

    Acknowledgements(StringRedisTemplate redis) {
        this.redis = redis;
    }

    /** A verifier follows the feed of this issuer from a position on. What cannot be noted now is noted soon. */
    void connected(Verifier verifier, LogPosition from) {
        connectedHere.merge(verifier.name(), 1, Integer::sum);
        try {
            redis.execute(CONNECTED, KEYS, timeToLive(), verifier.name(), from.toString());
        } catch (DataAccessException e) {
            LOG.debug("a verifier's connection is noted later", e);
        }
    }

    void disconnected(Verifier verifier) {
        Integer left = connectedHere.computeIfPresent(verifier.name(), (_, count) -> count == 1 ? null : count - 1);
        try {
            if (left == null) {
                redis.opsForHash().delete(KEY, verifier.name() + ":seen");
            }
        } catch (DataAccessException e) {
            LOG.debug("a verifier's end is noticed by its silence", e);
        }
    }

    /**
     * Notes that a verifier has applied everything up to a position.
     *
     * @param first the first entry that this acknowledges
     * @param heldMillis how long ago that was applied
     * @return the time from that entry's writing to its application, in ms; -1 when the entry is gone
     */
    long applied(Verifier verifier, LogPosition position, LogPosition first, long heldMillis) {
        Long latency = redis.execute(
                APPLIED,
                KEYS,
                timeToLive(),
                verifier.name(),
                position.toString(),
                first.toString(),
                Long.toString(heldMillis));
        return latency == null ? -1 : latency;
    }

    Receipt receipt(LogPosition position) {
        List<?> answer = redis.execute(
                RECEIPT,
                KEYS,
                position.toString(),
                Long.toString(GONE.toMillis()),
                Integer.toString(Receipt.MOST_NAMES));
        if (answer == null) {
            throw new IllegalStateException("the log did not answer");
        }
        List<String> words = answer.stream().map(String::valueOf).toList();
        return new Receipt(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Long.parseLong(words.get(2)),
                words.subList(3, words.size()));
    }

    private static String timeToLive() {
        return Long.toString(TIME_TO_LIVE.toMillis());
    }

    /** Says again who is connected here. */
    @Scheduled(fixedRate = 2, timeUnit = TimeUnit.SECONDS)
    void refresh() {
        List<String> names = new ArrayList<>(connectedHere.keySet());
        try {
            for (int from = 0; from < names.size(); from += PAGE) {
                List<String> arguments = new ArrayList<>(List.of(timeToLive()));
                arguments.addAll(names.subList(from, Math.min(names.size(), from + PAGE)));
                redis.execute(SEEN, KEYS, arguments.toArray());
            }
        } catch (DataAccessException e) {
            LOG.debug("who is connected is said again later", e);
        }
    }

    @Scheduled(fixedRate = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void forgetGone() {
        try {
            redis.execute(FORGET, KEYS, timeToLive());
        } catch (DataAccessException e) {
            LOG.debug("who is gone is forgotten later", e);
        }
    }
}
