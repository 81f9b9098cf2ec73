package dev.gatehouse.server.revocation;

import java.io.ByteArrayOutputStream;
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
    record Entries(List<Event> events) implements Page {
        List<LogEntry> entries() {
            return events.stream().map(Event::entry).toList();
        }
    }

    /** An entry and the bytes by which every subscriber is told of it. */
    static final class Event {
        private final LogEntry entry;

        private final byte[] bytes;

        Event(LogEntry entry) {
            this.entry = entry;
            this.bytes = Messages.rule(entry);
        }

        LogEntry entry() {
            return entry;
        }

        void writeTo(ByteArrayOutputStream page) {
            page.writeBytes(bytes);
        }
    }

    /** The cursor cannot be continued from: another epoch, too old, or ahead of the log. */
    record Gone() implements Page {}

    private static final class State {
        final ConcurrentSkipListMap<Long, Event> events = new ConcurrentSkipListMap<>();

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
        entries.forEach(entry -> fresh.events.put(entry.position().seq(), new Event(entry)));
        state = fresh;
        wakeReaders();
    }

    /** Adds the entry that follows. */
    void append(LogEntry entry) {
        State now = state;
        if (!entry.position().equals(now.head.next())) {
            throw new IllegalArgumentException(entry.position() + " does not follow " + now.head);
        }
        now.events.put(entry.position().seq(), new Event(entry));
        now.head = entry.position();
        wakeReaders();
    }

    /** Drops the entries from the front that expired at this time, in seconds, or earlier. */
    void forgetExpired(long time) {
        State now = state;
        for (var first = now.events.firstEntry();
                first != null && first.getValue().entry().rule().expires() <= time;
                first = now.events.firstEntry()) {
            now.floor = first.getKey();
            now.events.remove(first.getKey());
        }
    }

    Page after(LogPosition cursor, int most) {
        State now = state;
        if (cursor.epoch() != now.head.epoch() || cursor.seq() > now.head.seq()) {
            return new Gone();
        }
        List<Event> events = new ArrayList<>();
        LogPosition head = now.head;
        for (Event event : now.events.tailMap(cursor.seq(), false).values()) {
            if (events.size() == most || head.isBefore(event.entry().position())) {
                break;
            }
            events.add(event);
        }
        // Checked last: what was dropped while we read is missing from the page.
        return cursor.seq() < now.floor ? new Gone() : new Entries(events);
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
