package dev.gatehouse.server.revocation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The log's present epoch in memory, in order and without gaps, for the subscribers to read from. One thread writes; any
 * number of readers, each with a cursor of its own, so that a slow one costs nothing but its place.
 */
final class Journal {
    /** What a reader finds after its cursor. */
    sealed interface Page {}

    /** The entries that follow, none when the reader has read them all. */
    record Entries(List<LogEntry> entries) implements Page {}

    /** The cursor cannot be continued from: another epoch, too old, or ahead of the log. */
    record Gone() implements Page {}

    private static final class State {
        final ConcurrentSkipListMap<Long, LogEntry> entries = new ConcurrentSkipListMap<>();

        volatile LogPosition head;

        volatile long floor;

        State(LogPosition head, long floor) {
            this.head = head;
            this.floor = floor;
        }
    }

    private volatile State state = new State(LogPosition.NONE, 0);

    private final Set<Thread> readers = ConcurrentHashMap.newKeySet();

    LogPosition position() {
        return state.head;
    }

    /** Begins anew with consecutive entries of one epoch that end at the head. */
    void begin(LogPosition head, List<LogEntry> entries) {
        State fresh = new State(head, head.seq() - entries.size());
        entries.forEach(entry -> fresh.entries.put(entry.position().seq(), entry));
        state = fresh;
        wakeReaders();
    }

    /** Adds the entry that follows. */
    void append(LogEntry entry) {
        State now = state;
        if (!entry.position().equals(now.head.next())) {
            throw new IllegalArgumentException(entry.position() + " does not follow " + now.head);
        }
        now.entries.put(entry.position().seq(), entry);
        now.head = entry.position();
        wakeReaders();
    }

    /** Drops the entries from the front that expired at this time, in seconds, or earlier. */
    void forgetExpired(long time) {
        State now = state;
        for (var first = now.entries.firstEntry();
                first != null && first.getValue().rule().expires() <= time;
                first = now.entries.firstEntry()) {
            now.floor = first.getKey();
            now.entries.remove(first.getKey());
        }
    }

    Page after(LogPosition cursor, int most) {
        State now = state;
        if (cursor.epoch() != now.head.epoch() || cursor.seq() > now.head.seq()) {
            return new Gone();
        }
        List<LogEntry> entries = new ArrayList<>();
        LogPosition head = now.head;
        for (LogEntry entry : now.entries.tailMap(cursor.seq(), false).values()) {
            if (entries.size() == most || head.isBefore(entry.position())) {
                break;
            }
            entries.add(entry);
        }
        // Checked last: what was dropped while we read is missing from the page.
        return cursor.seq() < now.floor ? new Gone() : new Entries(entries);
    }

    /** Waits until the position has been reached; false when it has not been in that time. */
    boolean awaitPosition(LogPosition position, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        Thread me = Thread.currentThread();
        readers.add(me);
        try {
            while (state.head.isBefore(position)) {
                long left = until - System.nanoTime();
                if (left <= 0 || me.isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            return true;
        } finally {
            readers.remove(me);
        }
    }

    void addReader(Thread reader) {
        readers.add(reader);
    }

    void removeReader(Thread reader) {
        readers.remove(reader);
    }

    void wakeReaders() {
        readers.forEach(LockSupport::unpark);
    }
}
