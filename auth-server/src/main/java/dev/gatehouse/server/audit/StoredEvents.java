package dev.gatehouse.server.audit;

import dev.gatehouse.server.audit.SecurityEventTable.Entry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Writes events to PostgreSQL behind everybody's back, many at once: nobody waits for it, and no login fails because of it. What
 * does not fit into the queue while PostgreSQL is away is counted and stays in the log only.
 */
final class StoredEvents implements Activity, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StoredEvents.class);

    private static final int MOST_WAITING = 20_000;

    private static final int MOST_AT_ONCE = 500;

    private static final Duration BETWEEN_WRITES = Duration.ofMillis(100);

    private static final Duration BETWEEN_RETRIES = Duration.ofSeconds(1);

    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

    private static final Duration LAST_CHANCE = Duration.ofSeconds(5);

    private final SecurityEventTable table;

    private final AuditProperties properties;

    private final InstantSource clock;

    private final Counter dropped;

    private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

    private volatile @Nullable Thread writer;

    private Instant swept = Instant.MIN;

    StoredEvents(SecurityEventTable table, AuditProperties properties, InstantSource clock, MeterRegistry metrics) {
        this.table = table;
        this.properties = properties;
        this.clock = clock;
        this.dropped = Counter.builder("gatehouse.audit.dropped")
                .description(
                        "Security events that are in the log only, because PostgreSQL did not take them or was away for too long")
                .register(metrics);
    }

    void add(SecurityEvent event) {
        boolean left = properties.retention().isZero()
                || (!properties.clientTokens()
                        && "client_credentials".equals(event.details().get("grant")));
        if (!left && !waiting.offer(new Entry(clock.instant(), event))) {
            dropped.increment();
        }
    }

    @Override
    public List<PersonalEvent> of(String accountId, List<String> types, int most) {
        return table.of(accountId, types, most);
    }

    private void work() {
        try {
            while (writer == Thread.currentThread()) {
                write();
                sweep();
                // What comes together is written together.
                Thread.sleep(BETWEEN_WRITES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() throws InterruptedException {
        Entry first = waiting.poll(1, TimeUnit.SECONDS);
        List<Entry> batch = new ArrayList<>();
        while (first != null || waiting.peek() != null) {
            if (first != null) {
                batch.add(first);
                first = null;
            }
            waiting.drainTo(batch, MOST_AT_ONCE - batch.size());
            writeUntilDone(batch);
            batch.clear();
        }
    }

    private void writeUntilDone(List<Entry> batch) throws InterruptedException {
        while (true) {
            try {
                table.add(batch);
                return;
            } catch (DataIntegrityViolationException e) {
                leaveOutTheBad(batch);
                return;
            } catch (DataAccessException e) {
                LOG.atDebug().setCause(e).log("{} security events have to wait", batch.size());
                if (writer != Thread.currentThread()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_RETRIES.toMillis());
            }
        }
    }

    /** One event that PostgreSQL does not take must not keep the others from it. */
    private void leaveOutTheBad(List<Entry> batch) throws InterruptedException {
        if (batch.size() == 1) {
            LOG.warn(
                    "A security event is in the log only: {}",
                    batch.getFirst().event().type());
            dropped.increment();
            return;
        }
        for (Entry entry : batch) {
            writeUntilDone(List.of(entry));
        }
    }

    private void sweep() {
        Instant now = clock.instant();
        if (properties.retention().isZero() || now.isBefore(swept.plus(BETWEEN_SWEEPS))) {
            return;
        }
        try {
            while (table.forgetBefore(now.minus(properties.retention())) > 0 && writer == Thread.currentThread()) {
                Thread.onSpinWait();
            }
            swept = now;
        } catch (DataAccessException e) {
            LOG.atDebug().setCause(e).log("old security events have to wait");
        }
    }

    @Override
    public void start() {
        // Known before it runs: a thread that does not find itself here ends at once.
        Thread thread = Thread.ofPlatform().name("audit").daemon().unstarted(this::work);
        writer = thread;
        thread.start();
    }

    /** The last events are written, if PostgreSQL is there. */
    @Override
    public void stop() {
        Thread thread = writer;
        writer = null;
        if (thread == null) {
            return;
        }
        try {
            thread.join(LAST_CHANCE);
            List<Entry> last = new ArrayList<>();
            waiting.drainTo(last);
            if (!last.isEmpty()) {
                table.add(last);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DataAccessException e) {
            LOG.warn("The last security events are in the log only");
        }
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }
}
