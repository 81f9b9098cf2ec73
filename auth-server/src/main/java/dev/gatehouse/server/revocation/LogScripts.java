package dev.gatehouse.server.revocation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The revocation log in Redis, one hash slot.
 *
 * <pre>
 * gh:{revocation}:head   hash    epoch 1763900000000, seq 42: the position of the last entry; run: Redis' run_id
 * gh:{revocation}:log    stream  1763900000000-42: kind grant_id, value ..., expires 1763900330, at 1763900000123
 *                                1763900000000-43: kind sub, ..., before 1763900000000-43
 * </pre>
 *
 * Both scripts first make sure that the log is the one that the caller knows: the head is there, is not behind what the
 * caller has seen, agrees with the stream's last id, and was written by this very run of Redis. When it is not, the log may
 * have lost something and a new epoch begins: no position is ever given to two entries.
 * {@code at} is when an entry was written, in ms by Redis' clock. They drop entries from the front whose time is over, a bounded number at a time, and renew both keys' time to live.
 */
final class LogScripts {
    static final String HEAD_KEY = "gh:{revocation}:head";

    static final String LOG_KEY = "gh:{revocation}:log";

    /** ARGV: now in ms, known epoch, known seq, skew in s, time to live in ms. */
    private static final String SETTLE = """
            local function text(n) return string.format('%.0f', n) end
            local now, knownEpoch, knownSeq = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local head = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'run')
            local epoch, seq = tonumber(head[1] or '0'), tonumber(head[2] or '0')
            local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
            local lastEpoch, lastSeq = 0, 0
            if redis.call('EXISTS', KEYS[2]) == 1 then
                local info = redis.call('XINFO', 'STREAM', KEYS[2])
                for i = 1, #info, 2 do
                    if info[i] == 'last-generated-id' then
                        local e, s = string.match(info[i + 1], '^(%d+)-(%d+)$')
                        lastEpoch, lastSeq = tonumber(e), tonumber(s)
                    end
                end
            end
            local behind = knownEpoch > epoch or (knownEpoch == epoch and knownSeq > seq)
            local agrees = lastEpoch == epoch and lastSeq == seq or seq == 0 and lastEpoch < epoch
            if epoch == 0 or behind or not agrees or run ~= head[3] then
                epoch = math.max(now, knownEpoch + 1, epoch + 1, lastEpoch + 1)
                seq = 0
            end
            """;

    private static final String FINISH = """
            redis.call('HSET', KEYS[1], 'epoch', text(epoch), 'seq', text(seq), 'run', run)
            local over = {}
            for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', '64')) do
                local expires
                for i = 1, #entry[2], 2 do
                    if entry[2][i] == 'expires' then expires = tonumber(entry[2][i + 1]) end
                end
                if (expires + tonumber(ARGV[4])) * 1000 > now then break end
                over[#over + 1] = entry[1]
            end
            if #over > 0 then redis.call('XDEL', KEYS[2], unpack(over)) end
            redis.call('PEXPIRE', KEYS[1], ARGV[5])
            redis.call('PEXPIRE', KEYS[2], ARGV[5])
            return {text(epoch), text(seq)}
            """;

    /** Answers with the position of the last entry. */
    static final String BEAT = SETTLE + FINISH;

    /** Appends a rule. ARGV from 6: kind, value, expires, and whether it cuts at its own position. Answers with that. */
    static final String APPEND = SETTLE + """
            seq = seq + 1
            local id = text(epoch) .. '-' .. text(seq)
            local time = redis.call('TIME')
            local at = text(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
            local entry = {'kind', ARGV[6], 'value', ARGV[7], 'expires', ARGV[8], 'at', at}
            if ARGV[9] == '1' then
                entry[9], entry[10] = 'before', id
            end
            redis.call('XADD', KEYS[2], id, unpack(entry))
            """ + FINISH;

    private final InstantSource clock;

    private final Duration skew;

    private final Duration timeToLive;

    /** @param longestRule how long a rule lives at most; the keys outlive it */
    LogScripts(InstantSource clock, Duration skew, Duration longestRule) {
        this.clock = clock;
        this.skew = skew;
        this.timeToLive = longestRule.plus(skew).multipliedBy(2);
    }

    static String[] keys() {
        return new String[] {HEAD_KEY, LOG_KEY};
    }

    String[] beatArguments(LogPosition known) {
        return new String[] {
            Long.toString(clock.millis()),
            Long.toString(known.epoch()),
            Long.toString(known.seq()),
            Long.toString(skew.toSeconds()),
            Long.toString(timeToLive.toMillis())
        };
    }

    String[] appendArguments(LogPosition known, RuleKind kind, String value, long expires) {
        String[] beat = beatArguments(known);
        return new String[] {
            beat[0],
            beat[1],
            beat[2],
            beat[3],
            beat[4],
            kind.wire(),
            value,
            Long.toString(expires),
            kind.isCut() ? "1" : "0"
        };
    }

    static LogPosition position(List<?> answer) {
        return LogPosition.parse(answer.get(0) + "-" + answer.get(1))
                .orElseThrow(() -> new IllegalStateException("the log answered " + answer));
    }
}
