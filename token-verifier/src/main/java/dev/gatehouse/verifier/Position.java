package dev.gatehouse.verifier;

import org.jspecify.annotations.Nullable;

/** A place in the issuer's revocation log, written {@code epoch-seq}; both numbers are unsigned. */
record Position(long epoch, long seq) implements Comparable<Position> {

    static @Nullable Position parse(@Nullable Object text) {
        if (!(text instanceof String string)) {
            return null;
        }
        int dash = string.indexOf('-');
        if (!isNumber(string, 0, dash) || !isNumber(string, dash + 1, string.length())) {
            return null;
        }
        try {
            return new Position(
                    Long.parseUnsignedLong(string, 0, dash, 10),
                    Long.parseUnsignedLong(string, dash + 1, string.length(), 10));
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    private static boolean isNumber(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return to > from && to - from <= 20;
    }

    boolean follows(Position last) {
        return epoch == last.epoch && seq == last.seq + 1;
    }

    @Override
    public int compareTo(Position other) {
        int byEpoch = Long.compareUnsigned(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compareUnsigned(seq, other.seq);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(epoch) + "-" + Long.toUnsignedString(seq);
    }
}
