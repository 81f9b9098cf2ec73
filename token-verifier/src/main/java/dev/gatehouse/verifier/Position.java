package dev.gatehouse.verifier;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A place in the issuer's revocation log, written {@code epoch-seq}; both numbers are unsigned. */
record Position(long epoch, long seq) implements Comparable<Position> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,20})-([0-9]{1,20})");

    static @Nullable Position parse(@Nullable Object text) {
        if (!(text instanceof String string)) {
            return null;
        }
        Matcher form = FORM.matcher(string);
        if (!form.matches()) {
            return null;
        }
        try {
            return new Position(Long.parseUnsignedLong(form.group(1)), Long.parseUnsignedLong(form.group(2)));
        } catch (NumberFormatException tooLarge) {
            return null;
        }
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
