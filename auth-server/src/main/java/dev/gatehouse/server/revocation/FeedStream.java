package dev.gatehouse.server.revocation;

import dev.gatehouse.server.revocation.Journal.Entries;
import dev.gatehouse.server.revocation.Journal.Event;
import dev.gatehouse.server.revocation.Journal.Gone;
import dev.gatehouse.server.revocation.RevocationReplica.Beat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One subscriber's connection, on a virtual thread of its own. It reads the journal at its own pace: a slow subscriber holds
 * one page of entries, and is gone when its socket's write times out or the journal has moved past it.
 */
final class FeedStream {
    private static final int PAGE = 256;

    private static final Duration BETWEEN_PAGES = Duration.ofMillis(4);

    private static final long COMMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private final RevocationReplica replica;

    private final KeysEvent keys;

    private final OutputStream out;

    private final BooleanSupplier mayStay;

    private final long opened;

    private LogPosition cursor;

    private byte[] lastKeys = {};

    private long lastBeat = -1;

    private long lastWrite = System.nanoTime();

    /** @param opened {@link System#nanoTime()} when the request came */
    FeedStream(
            RevocationReplica replica,
            KeysEvent keys,
            OutputStream out,
            LogPosition cursor,
            long opened,
            BooleanSupplier mayStay) {
        this.replica = replica;
        this.keys = keys;
        this.out = out;
        this.cursor = cursor;
        this.opened = opened;
        this.mayStay = mayStay;
    }

    /** Serves until the subscriber must go or is gone. */
    void serve() throws IOException {
        replica.journal().addReader(Thread.currentThread());
        try {
            while (mayStay.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
                tellOfKeys();
                switch (replica.journal().after(cursor, PAGE)) {
                    case Gone _ -> {
                        write(Messages.reset(replica.position()));
                        return;
                    }
                    case Entries page when page.events().isEmpty() -> rest();
                    case Entries page -> send(page.events());
                }
            }
            write(Messages.RECONNECT);
        } finally {
            replica.journal().removeReader(Thread.currentThread());
        }
    }

    /** Before any rule: the one against a key comes after the key that takes its place. */
    private void tellOfKeys() throws IOException {
        byte[] latest = keys.latest();
        if (!Arrays.equals(latest, lastKeys)) {
            write(latest);
            lastKeys = latest;
        }
    }

    private void send(List<Event> events) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream(events.size() * 160);
        events.forEach(event -> event.writeTo(page));
        write(page.toByteArray());
        cursor = events.getLast().entry().position();
        breathe();
    }

    /** What is written in the next moment goes out together: in a burst that halves the work, and costs a moment at most. */
    private static void breathe() {
        try {
            Thread.sleep(BETWEEN_PAGES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rest() throws IOException {
        Beat beat = replica.lastBeat();
        if (beat.number() != lastBeat && beat.isFresh() && !cursor.isBefore(beat.position())) {
            lastBeat = beat.number();
            // Measured first: what comes between then and the subscriber can only make the heartbeat look older.
            Duration elapsed = Duration.ofNanos(System.nanoTime() - opened);
            write(Messages.heartbeat(cursor, beat.age(), elapsed));
        } else if (System.nanoTime() - lastWrite > COMMENT_NANOS) {
            write(Messages.COMMENT);
        } else {
            LockSupport.parkNanos(this, COMMENT_NANOS);
        }
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        lastWrite = System.nanoTime();
    }
}
