package dev.gatehouse.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * 128-bit values in open addressing with linear probing, exact and compact: 20 bytes a place for bare values, 36 for those
 * with a position, three quarters of the places in use at most. The places are keyed, so that nobody can choose values
 * that crowd together.
 *
 * <p>One thread writes, many read without a lock. A place is written once, its first word last, and is never used for
 * another value: one that is taken out is marked as gone, and a segment that has to grow or to shrink is written anew
 * before it takes the old one's place. The segments keep each such step short.
 */
final class ValueTable {

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SEGMENT_BITS = 6;
    private static final int LEAST_PLACES = 8;
    private static final long EMPTY = 0;
    private static final long GONE = -1;
    private static final int ABSENT = -1;
    /** In the year 2106, and stands for all later times: what lasts as long is never forgotten. */
    private static final long LATEST = 0xFFFF_FFFFL;

    private final boolean positions;
    private final int width;
    private final long highKey;
    private final long lowKey;
    private final AtomicReferenceArray<@Nullable Segment> segments = new AtomicReferenceArray<>(1 << SEGMENT_BITS);
    private final AtomicLong size = new AtomicLong();

    /** Places of {@code width} words each, with the time until which each must be kept; that and the counts are the writer's. */
    private static final class Segment {
        private final long[] words;
        private final int[] expires;
        private int used;
        private int live;

        private Segment(int places, int width) {
            words = new long[places * width];
            expires = new int[places];
        }

        private int places() {
            return expires.length;
        }
    }

    /** @param positions whether each value has a position */
    ValueTable(boolean positions, RandomGenerator random) {
        this.positions = positions;
        this.width = positions ? 4 : 2;
        this.highKey = random.nextLong();
        this.lowKey = random.nextLong();
    }

    /** Two first words of a value, one in 2⁶³, are marks of an empty place and of one whose value is gone. */
    static boolean takes(long high) {
        return high != EMPTY && high != GONE;
    }

    boolean contains(long high, long low) {
        long hash = hash(high, low);
        Segment segment = segment(hash);
        return segment != null && find(segment, hash, high, low) != ABSENT;
    }

    /** Whether the value has a position that is greater than the given one; none is less than all. */
    boolean containsAfter(long high, long low, @Nullable Position position) {
        long hash = hash(high, low);
        Segment segment = segment(hash);
        int place = segment == null ? ABSENT : find(segment, hash, high, low);
        if (segment == null || place == ABSENT) {
            return false;
        }
        if (position == null) {
            return true;
        }
        int byEpoch = Long.compareUnsigned(position.epoch(), segment.words[place * width + 2]);
        return byEpoch != 0 ? byEpoch < 0 : Long.compareUnsigned(position.seq(), seq(segment, place)) < 0;
    }

    /** Adds a bare value, or keeps it for longer. */
    void add(long high, long low, long expires) {
        add(high, low, 0, 0, expires);
    }

    /** Adds a value with a position; of two positions the greater one holds, and of two times the later one. */
    void add(long high, long low, long epoch, long seq, long expires) {
        long hash = hash(high, low);
        Segment segment = segment(hash);
        int place = segment == null ? ABSENT : find(segment, hash, high, low);
        if (segment == null || place == ABSENT) {
            insert(withRoom(hash), hash, high, low, epoch, seq, seconds(expires));
            size.incrementAndGet();
            return;
        }
        int until = later(segment.expires[place], seconds(expires));
        segment.expires[place] = until;
        if (positions) {
            raise(segment, place, hash, epoch, seq, until);
        }
    }

    /** In another epoch the whole position is written to a new place before the old one goes, so that no reader sees half. */
    private void raise(Segment segment, int place, long hash, long epoch, long seq, int expires) {
        long[] words = segment.words;
        int byEpoch = Long.compareUnsigned(epoch, words[place * width + 2]);
        if (byEpoch == 0 && Long.compareUnsigned(seq, seq(segment, place)) > 0) {
            WORDS.setOpaque(words, place * width + 3, seq);
        } else if (byEpoch > 0) {
            long high = words[place * width];
            long low = words[place * width + 1];
            Segment roomy = withRoom(hash);
            int old = find(roomy, hash, high, low);
            insert(roomy, hash, high, low, epoch, seq, expires);
            remove(roomy, old);
        }
    }

    /** Takes out the values that may be forgotten at a second since 1970. */
    void forget(long second) {
        for (int i = 0; i < segments.length(); i++) {
            Segment segment = segments.get(i);
            if (segment != null) {
                int before = segment.live;
                forget(segment, second);
                size.addAndGet(segment.live - before);
                if (segment.live == 0) {
                    segments.set(i, null);
                } else if (segment.used > 2 * segment.live) {
                    segments.set(i, rewritten(segment));
                }
            }
        }
    }

    private void forget(Segment segment, long second) {
        for (int place = 0; place < segment.places(); place++) {
            long expires = Integer.toUnsignedLong(segment.expires[place]);
            if (expires <= second && expires != LATEST && takes(segment.words[place * width])) {
                remove(segment, place);
            }
        }
    }

    long size() {
        return size.get();
    }

    private static void release(Segment segment, int word, long value) {
        WORDS.setRelease(segment.words, word, value);
    }

    private void remove(Segment segment, int place) {
        release(segment, place * width, GONE);
        segment.live--;
    }

    private void insert(Segment segment, long hash, long high, long low, long epoch, long seq, int expires) {
        int place = start(segment, hash);
        while (segment.words[place * width] != EMPTY) {
            place = next(segment, place);
        }
        int word = place * width;
        segment.expires[place] = expires;
        segment.words[word + 1] = low;
        if (positions) {
            segment.words[word + 2] = epoch;
            segment.words[word + 3] = seq;
        }
        release(segment, word, high);
        segment.used++;
        segment.live++;
    }

    private int find(Segment segment, long hash, long high, long low) {
        for (int place = start(segment, hash); ; place = next(segment, place)) {
            long first = (long) WORDS.getAcquire(segment.words, place * width);
            if (first == EMPTY) {
                return ABSENT;
            }
            if (first == high && segment.words[place * width + 1] == low) {
                return place;
            }
        }
    }

    /** The segment for a hash, with room for one value more. */
    private Segment withRoom(long hash) {
        int index = index(hash);
        Segment segment = segments.get(index);
        if (segment == null || (segment.used + 1) * 4L > segment.places() * 3L) {
            segment = segment == null ? new Segment(LEAST_PLACES, width) : rewritten(segment);
            segments.set(index, segment);
        }
        return segment;
    }

    /** What is there, in as many places as that takes: five for three values. */
    private Segment rewritten(Segment old) {
        Segment fresh = new Segment(Math.max(LEAST_PLACES, Math.toIntExact((old.live + 1) * 5L / 3)), width);
        long[] words = old.words;
        for (int place = 0, word = 0; place < old.places(); place++, word += width) {
            long high = words[word];
            long low = words[word + 1];
            if (takes(high)) {
                long epoch = positions ? words[word + 2] : 0;
                long seq = positions ? words[word + 3] : 0;
                insert(fresh, hash(high, low), high, low, epoch, seq, old.expires[place]);
            }
        }
        return fresh;
    }

    private long seq(Segment segment, int place) {
        return (long) WORDS.getOpaque(segment.words, place * width + 3);
    }

    private static int start(Segment segment, long hash) {
        return (int) (((hash & 0xFFFF_FFFFL) * segment.places()) >>> 32);
    }

    private static int next(Segment segment, int place) {
        return place + 1 == segment.places() ? 0 : place + 1;
    }

    private @Nullable Segment segment(long hash) {
        return segments.get(index(hash));
    }

    private static int index(long hash) {
        return (int) (hash >>> (64 - SEGMENT_BITS));
    }

    /** Two rounds of a folded product with secret factors. */
    private long hash(long high, long low) {
        return folded(folded(high ^ highKey, low ^ lowKey) ^ highKey, 0x9E3779B97F4A7C15L ^ lowKey);
    }

    private static long folded(long one, long other) {
        return (one * other) ^ Math.multiplyHigh(one, other);
    }

    private static int seconds(long expires) {
        return (int) Math.max(0, Math.min(expires, LATEST));
    }

    private static int later(int one, int other) {
        return Integer.compareUnsigned(one, other) < 0 ? other : one;
    }
}
