package dev.gatehouse.server.account;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Passwords that attackers try first, as a compact filter that is searched where it lies, in memory or in a mapped file. It
 * knows every listed password, and takes one other in 2^rice for a listed one.
 *
 * <p>The format, big-endian: the eight characters {@code gh-pwd-1}; how many entries (8 bytes); rice (4 bytes); how many blocks
 * (4 bytes); for each block, and for the end of the last, its offset in the file (8 bytes); the blocks. The first 64 bits of
 * a password's SHA-1, taken as a fraction of the range [0, entries &lt;&lt; rice), are its value; a block holds the values
 * of {@code 1 << (rice + 7)} numbers, on average 128, in order, each as the distance from the one before (the first from the block's
 * beginning) in Golomb-Rice code: the distance {@code >> rice} in ones, a zero, its lowest rice bits. Ones fill up the last byte.
 */
final class BreachedList {
    static final String MAGIC = "gh-pwd-1";

    static final int INDEX_AT = 24;

    static final int BLOCK_BITS = 7;

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final String SHIPPED = "breached-passwords.bin";

    private final MemorySegment file;

    private final long entries;

    private final int rice;

    private BreachedList(MemorySegment file) {
        this.file = file;
        if (file.byteSize() < INDEX_AT || !startsWithMagic(file)) {
            throw new IllegalArgumentException("not a list of breached passwords");
        }
        this.entries = file.get(LONG, 8);
        this.rice = file.get(INT, 16);
        int blocks = file.get(INT, 20);
        if (entries < 0
                || rice < 1
                || rice > 24
                || entries > Long.MAX_VALUE >> rice
                || blocks != blocks(entries)
                || file.byteSize() < INDEX_AT + 8L * (blocks + 1L)
                || file.byteSize() != file.get(LONG, INDEX_AT + 8L * blocks)) {
            throw new IllegalArgumentException("a list of breached passwords that is damaged");
        }
    }

    /** The list that comes with the server. */
    static BreachedList shipped() {
        try (InputStream in = BreachedList.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("the list of breached passwords is missing");
            }
            return of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file, which may be larger than memory: it stays mapped as long as the process lives. */
    static BreachedList mapped(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new BreachedList(channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.global()));
        }
    }

    static BreachedList of(byte[] bytes) {
        return new BreachedList(MemorySegment.ofArray(bytes));
    }

    static int blocks(long entries) {
        return Math.toIntExact((entries >> BLOCK_BITS) + 1);
    }

    /** Where in the range a hash falls, by its first 64 bits. */
    static long value(long hash, long entries, int rice) {
        return Math.unsignedMultiplyHigh(hash, entries << rice);
    }

    long size() {
        return entries;
    }

    boolean contains(long hash) {
        long wanted = value(hash, entries, rice);
        long block = wanted >> (rice + BLOCK_BITS);
        Bits bits = new Bits(file.get(LONG, INDEX_AT + 8 * block), file.get(LONG, INDEX_AT + 8 * (block + 1)));
        long value = block << (rice + BLOCK_BITS);
        while (value < wanted || bits.isAtStart()) {
            long high = bits.ones();
            if (high < 0) {
                return false;
            }
            value += high << rice | bits.take(rice);
            if (value == wanted) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWithMagic(MemorySegment file) {
        for (int i = 0; i < MAGIC.length(); i++) {
            if (file.get(ValueLayout.JAVA_BYTE, i) != MAGIC.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads a block bit by bit. */
    private final class Bits {
        private final long start;

        private final long end;

        private long at;

        Bits(long from, long to) {
            this.start = from * 8;
            this.end = to * 8;
            this.at = start;
        }

        boolean isAtStart() {
            return at == start;
        }

        /** How many ones come before the next zero, which is passed; negative at the end of the block. */
        long ones() {
            long ones = 0;
            while (at < end) {
                if (next() == 0) {
                    return ones;
                }
                ones++;
            }
            return -1;
        }

        long take(int count) {
            long taken = 0;
            for (int i = 0; i < count; i++) {
                taken = taken << 1 | next();
            }
            return taken;
        }

        private int next() {
            int bit = file.get(ValueLayout.JAVA_BYTE, at >> 3) >> (7 - (at & 7)) & 1;
            at++;
            return bit;
        }
    }
}
