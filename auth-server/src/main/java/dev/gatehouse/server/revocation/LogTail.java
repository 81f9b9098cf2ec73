package dev.gatehouse.server.revocation;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Follows the log on a thread and a connection of its own: everything before the server takes requests, then each entry as
 * it is written, and every second the head. A gap or another epoch means that everything is read again, from the log and from
 * PostgreSQL, which makes good what the log has lost. When one of them is away it keeps trying; the rules that are held stay
 * in force.
 */
final class LogTail implements SmartLifecycle {
    /** After Redis' connections, before the web server. */
    static final int PHASE = 1;

    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long RETRY_MILLIS = 100;

    private final Supplier<AbstractRedisClient> client;

    private final LogScripts scripts;

    private final RevocationReplica replica;

    private final OwnEntries own;

    private final RuleEffects effects;

    private final StoredRules stored;

    private final Duration startPatience;

    private volatile @Nullable Thread thread;

    private boolean lost;

    LogTail(
            Supplier<AbstractRedisClient> client,
            LogScripts scripts,
            RevocationReplica replica,
            OwnEntries own,
            RuleEffects effects,
            StoredRules stored,
            Duration startPatience) {
        this.client = client;
        this.scripts = scripts;
        this.replica = replica;
        this.own = own;
        this.effects = effects;
        this.stored = stored;
        this.startPatience = startPatience;
    }

    @Override
    public void start() {
        LogReader reader = firstReader();
        thread = Thread.ofPlatform().name("revocation-tail").daemon().unstarted(() -> run(reader));
        thread.start();
    }

    private LogReader firstReader() {
        long giveUp = System.nanoTime() + startPatience.toNanos();
        while (true) {
            LogReader reader = null;
            try {
                reader = LogReader.open(client.get(), scripts);
                load(reader);
                return reader;
            } catch (RedisException e) {
                if (reader != null) {
                    reader.close();
                }
                if (System.nanoTime() > giveUp || !pause()) {
                    throw e;
                }
            }
        }
    }

    private void run(LogReader first) {
        LogReader reader = first;
        while (isMine()) {
            try (LogReader open = reader == null ? LogReader.open(client.get(), scripts) : reader) {
                follow(open);
            } catch (RedisException | DataAccessException e) {
                complain(e);
            } catch (RuntimeException e) {
                LOG.error("the revocation log cannot be followed", e);
            }
            reader = null;
            if (!pause()) {
                return;
            }
        }
    }

    /** Once for each time that it is lost. */
    private void complain(RuntimeException e) {
        if (isMine() && !lost) {
            LOG.warn("the revocation log is out of reach: {}", e.getMessage());
        }
        lost = true;
    }

    private boolean isMine() {
        return thread == Thread.currentThread();
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void follow(LogReader reader) {
        long nextBeat = System.nanoTime();
        while (isMine()) {
            long wait = nextBeat - System.nanoTime();
            if (wait > 0) {
                applyAll(reader, reader.after(replica.position(), Duration.ofNanos(wait)));
            } else {
                beat(reader);
                nextBeat = System.nanoTime() + BEAT_NANOS;
            }
        }
    }

    private void beat(LogReader reader) {
        long at = System.nanoTime();
        LogPosition head = reader.head(replica.seen());
        while (head.epoch() == replica.position().epoch() && replica.position().isBefore(head)) {
            List<LogEntry> missing = reader.after(replica.position(), Duration.ZERO);
            if (missing.isEmpty()) {
                break;
            }
            applyAll(reader, missing);
        }
        if (head.epoch() != replica.position().epoch() || replica.position().isBefore(head)) {
            load(reader);
        }
        replica.beat(at);
        if (lost) {
            LOG.info("the revocation log is back, position {}", replica.position());
            lost = false;
        }
    }

    private void applyAll(LogReader reader, List<LogEntry> entries) {
        for (LogEntry entry : entries) {
            if (!entry.position().equals(replica.position().next())) {
                load(reader);
                return;
            }
            replica.apply(entry);
            if (!own.forget(entry.position())) {
                effects.applyLater(entry.rule());
            }
        }
    }

    private void load(LogReader reader) {
        long at = System.nanoTime();
        LogPosition head = reader.head(known());
        List<LogEntry> entries = reader.all();
        // Entries that were written since the head was read are in the list: the last of them is the head now.
        LogPosition last = entries.isEmpty() || entries.getLast().position().isBefore(head)
                ? head
                : entries.getLast().position();
        boolean isAnotherEpoch = last.epoch() != replica.position().epoch();
        List<Rule> rules = isAnotherEpoch ? stored.withPastEffects() : stored.inForce();
        stored.reach(last.epoch());
        own.forgetAll();
        rules.forEach(effects::applyLater);
        entries.forEach(entry -> effects.applyLater(entry.rule()));
        replica.load(last, entries, rules);
        replica.beat(at);
        LOG.info(
                "revocation log read: {} entries, {} rules in force, position {}",
                entries.size(),
                replica.rules().size(),
                replica.position());
    }

    /** At least the highest epoch that a token carries: a log that was begun anew since then must not be before it. */
    private LogPosition known() {
        LogPosition floor = new LogPosition(stored.epoch(), 0);
        LogPosition seen = replica.seen();
        return seen.isBefore(floor) ? floor : seen;
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(3));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
