package dev.gatehouse.server.revocation;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** A place in the revocation log, written {@code epoch-seq}; the ids of its Redis stream have the same form and order. */
public record LogPosition(long epoch, long seq) implements Comparable<LogPosition> {
    /** Before everything. */
    static final LogPosition NONE = new LogPosition(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    private static final Comparator<LogPosition> ORDER =
            Comparator.comparingLong(LogPosition::epoch).thenComparingLong(LogPosition::seq);

    static Optional<LogPosition> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new LogPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    LogPosition next() {
        return new LogPosition(epoch, seq + 1);
    }

    LogPosition previous() {
        return new LogPosition(epoch, seq - 1);
    }

    boolean isBefore(LogPosition other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + "-" + seq;
    }
}
