package dev.gatehouse.server.standby;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Whether Redis is away, so that what begins now is kept in PostgreSQL. Where something is kept its id tells, by its first
 * character, for as long as it lives: nothing is ever looked for in two places, and nothing moves when Redis is back.
 *
 * <p>Redis is away when three pings in a row fail or are not answered in time, one each half second; then until it answers one. A connection that
 * breaks and is made again is no reason to have people log in anew.
 */
@Component
public final class Standby {
    private static final Logger log = LoggerFactory.getLogger(Standby.class);

    /** The first character of such an id. */
    public static final String MARK = ".";

    private static final int AWAY = 3;

    /** Less than a command may take, so that a Redis that hangs is noticed as soon as one that is gone. */
    private static final long PATIENCE_MILLIS = 400;

    private final StringRedisTemplate redis;

    private final AtomicInteger unanswered = new AtomicInteger();

    Standby(StringRedisTemplate redis, MeterRegistry metrics) {
        this.redis = redis;
        Gauge.builder("gatehouse.standby", this, standby -> standby.isNeeded() ? 1 : 0)
                .description("1 while Redis is away and logins are kept in PostgreSQL")
                .register(metrics);
    }

    /** Whether what has this id is kept in PostgreSQL. */
    public static boolean holds(String id) {
        return id.startsWith(MARK);
    }

    public boolean isNeeded() {
        return unanswered.get() >= AWAY;
    }

    /** The id for something that begins now: a random base64url text, or the same with a mark for its first character. */
    public String mark(String randomId) {
        return isNeeded() ? MARK + randomId.substring(1) : randomId;
    }

    /**
     * Asks Redis once more, for what must not be begun when it cannot be finished.
     *
     * @throws DataAccessException when it does not answer: whoever asked is told to come back
     */
    public void demandRedis() {
        redis.execute((RedisCallback<String>) RedisConnectionCommands::ping);
    }

    @Scheduled(fixedRate = 500, timeUnit = TimeUnit.MILLISECONDS)
    void look() {
        try {
            redis.execute(Standby::pingSoonAnswered);
            if (unanswered.getAndSet(0) >= AWAY) {
                log.info("Redis answers again; who logs in now is kept there");
            }
        } catch (DataAccessException | RedisException e) {
            if (unanswered.incrementAndGet() == AWAY) {
                log.warn("Redis does not answer; who logs in now is kept in PostgreSQL: {}", e.toString());
            }
        }
    }

    private static String pingSoonAnswered(RedisConnection connection) {
        RedisFuture<String> ping = ((BaseRedisAsyncCommands<?, ?>) connection.getNativeConnection()).ping();
        return LettuceFutures.awaitOrCancel(ping, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
