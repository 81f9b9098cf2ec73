package dev.gatehouse.server.revocation;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection of its own that follows the log. A Redis that stops without a word is noticed by the time-out, which is only
 * little longer than the longest wait for news.
 */
final class LogReader implements AutoCloseable {
    static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    private static final int PAGE = 1000;

    private final StatefulConnection<String, String> connection;

    private final RedisClusterCommands<String, String> commands;

    private final LogScripts scripts;

    private LogReader(
            StatefulConnection<String, String> connection,
            RedisClusterCommands<String, String> commands,
            LogScripts scripts) {
        this.connection = connection;
        this.commands = commands;
        this.scripts = scripts;
        connection.setTimeout(TIMEOUT);
    }

    static LogReader open(AbstractRedisClient client, LogScripts scripts) {
        if (client instanceof RedisClusterClient cluster) {
            var connection = cluster.connect(StringCodec.UTF8);
            return new LogReader(connection, connection.sync(), scripts);
        }
        var connection = ((RedisClient) client).connect(StringCodec.UTF8);
        return new LogReader(connection, connection.sync(), scripts);
    }

    /** The log's head; a new epoch has begun when the log is not the one that we know. */
    LogPosition head(LogPosition known) {
        List<?> answer =
                commands.eval(LogScripts.BEAT, ScriptOutputType.MULTI, LogScripts.keys(), scripts.beatArguments(known));
        return LogScripts.position(answer);
    }

    /** Everything in the log, oldest first. */
    List<LogEntry> all() {
        List<LogEntry> entries = new ArrayList<>();
        Range<String> range = Range.unbounded();
        while (true) {
            List<StreamMessage<String, String>> page = commands.xrange(LogScripts.LOG_KEY, range, Limit.from(PAGE));
            page.forEach(message -> entries.add(entry(message)));
            if (page.size() < PAGE) {
                return entries;
            }
            range = Range.from(Range.Boundary.excluding(page.getLast().getId()), Range.Boundary.unbounded());
        }
    }

    /** What follows the position, waiting for it when there is nothing yet. */
    @SuppressWarnings("unchecked") // a varargs array of one generic element
    List<LogEntry> after(LogPosition position, Duration wait) {
        Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        List<StreamMessage<String, String>> messages = commands.xread(
                XReadArgs.Builder.block(Math.max(1, bounded.toMillis())).count(PAGE),
                StreamOffset.from(LogScripts.LOG_KEY, position.toString()));
        return messages == null
                ? List.of()
                : messages.stream().map(LogReader::entry).toList();
    }

    private static LogEntry entry(StreamMessage<String, String> message) {
        var body = message.getBody();
        String kind = body.get("kind");
        String value = body.get("value");
        String expires = body.get("expires");
        LogPosition position = LogPosition.parse(message.getId()).orElse(null);
        if (kind == null || value == null || expires == null || position == null) {
            throw new IllegalStateException(
                    "the revocation log holds an entry without its members: " + message.getId());
        }
        String before = body.get("before");
        return new LogEntry(
                position,
                new Rule(
                        kind,
                        value,
                        before == null ? null : LogPosition.parse(before).orElse(null),
                        Long.parseLong(expires)));
    }

    @Override
    public void close() {
        var _ = connection.closeAsync();
    }
}
