package dev.gatehouse.server.revocation;

import java.util.List;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** Appends to the log over the shared connection. */
final class LogWriter {
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final RedisScript<List> APPEND = RedisScript.of(LogScripts.APPEND, List.class);

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> BEAT = RedisScript.of(LogScripts.BEAT, List.class);

    private static final List<String> KEYS = List.of(LogScripts.keys());

    private final StringRedisTemplate redis;

    private final LogScripts scripts;

    LogWriter(StringRedisTemplate redis, LogScripts scripts) {
        this.redis = redis;
        this.scripts = scripts;
    }

    /** Appends the rule; one atomic step. */
    LogEntry append(LogPosition known, RuleKind kind, String value, long expires) {
        LogPosition position = execute(APPEND, (Object[]) scripts.appendArguments(known, kind, value, expires));
        return new LogEntry(position, new Rule(kind.wire(), value, kind.isCut() ? position : null, expires));
    }

    /** The position of the last entry. */
    LogPosition head(LogPosition known) {
        return execute(BEAT, (Object[]) scripts.beatArguments(known));
    }

    @SuppressWarnings("rawtypes")
    private LogPosition execute(RedisScript<List> script, Object... arguments) {
        List<?> answer = redis.execute(script, KEYS, arguments);
        if (answer == null) {
            throw new IllegalStateException("the log did not answer");
        }
        return LogScripts.position(answer);
    }
}
