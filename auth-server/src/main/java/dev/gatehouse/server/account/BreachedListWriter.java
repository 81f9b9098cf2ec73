package dev.gatehouse.server.account;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes a {@link BreachedList} from text files with one password a line, or one SHA-1 in hexadecimal digits with or without {@code :COUNT},
 * as Have I Been Pwned gives out. Passwords are put into lower case, and left out when they are too short to be allowed anyway.
 */
final class BreachedListWriter {
    private static final Pattern SHA_1 = Pattern.compile("[0-9A-Fa-f]{40}(:\\d+)?");

    private static final int RICE = 16;

    private final long[] values;

    private final long entries;

    private final int rice;

    BreachedListWriter(LongStream hashes, int rice) {
        long[] sorted =
                hashes.map(hash -> hash ^ Long.MIN_VALUE).sorted().distinct().toArray();
        this.entries = sorted.length;
        this.rice = rice;
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = BreachedList.value(sorted[i] ^ Long.MIN_VALUE, entries, rice);
        }
        this.values = sorted;
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: ./gatehouse breached-list OUT FILE...");
            System.exit(2);
        }
        LongStream.Builder hashes = LongStream.builder();
        for (String file : List.of(args).subList(1, args.length)) {
            try (Stream<String> lines = Files.lines(Path.of(file), StandardCharsets.UTF_8)) {
                lines.flatMapToLong(BreachedListWriter::hash).forEach(hashes);
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(args[0]))) {
            new BreachedListWriter(hashes.build(), RICE).write(out);
        }
    }

    static LongStream hash(String line) {
        if (SHA_1.matcher(line).matches()) {
            return LongStream.of(HexFormat.fromHexDigitsToLong(line, 0, 16));
        }
        String folded = Normalizer.normalize(line, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return folded.codePointCount(0, folded.length()) < PasswordRules.SHORTEST_EVER
                ? LongStream.empty()
                : LongStream.of(Sha1.of(folded).prefix());
    }

    void write(OutputStream out) throws IOException {
        int blocks = BreachedList.blocks(entries);
        List<byte[]> coded = blocks(blocks);
        DataOutputStream file = new DataOutputStream(new BufferedOutputStream(out));
        file.writeBytes(BreachedList.MAGIC);
        file.writeLong(entries);
        file.writeInt(rice);
        file.writeInt(blocks);
        long offset = BreachedList.INDEX_AT + 8L * (blocks + 1L);
        for (byte[] block : coded) {
            file.writeLong(offset);
            offset += block.length;
        }
        file.writeLong(offset);
        for (byte[] block : coded) {
            file.write(block);
        }
        file.flush();
    }

    private List<byte[]> blocks(int count) {
        byte[][] blocks = new byte[count][];
        int from = 0;
        for (int block = 0; block < count; block++) {
            long start = (long) block << (rice + BreachedList.BLOCK_BITS);
            int to = from;
            while (to < values.length && values[to] >> (rice + BreachedList.BLOCK_BITS) == block) {
                to++;
            }
            blocks[block] = coded(start, from, to);
            from = to;
        }
        return Arrays.asList(blocks);
    }

    private byte[] coded(long start, int from, int to) {
        Bits bits = new Bits();
        long before = start;
        for (int i = from; i < to; i++) {
            long distance = values[i] - before;
            for (long ones = distance >> rice; ones > 0; ones--) {
                bits.add(1);
            }
            bits.add(0);
            for (int bit = rice - 1; bit >= 0; bit--) {
                bits.add((int) (distance >> bit) & 1);
            }
            before = values[i];
        }
        return bits.toBytes();
    }

    /** Collects bits; ones fill up the last byte. */
    private static final class Bits {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private int current = 1;

        void add(int bit) {
            current = current << 1 | bit;
            if (current >= 0x100) {
                bytes.write(current);
                current = 1;
            }
        }

        byte[] toBytes() {
            while (current != 1) {
                add(1);
            }
            return bytes.toByteArray();
        }
    }
}
