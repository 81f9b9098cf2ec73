package dev.gatehouse.server.revocation;

import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.RevocationPosition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The revocation log as this issuer knows it: rules, position, and how fresh that knowledge is.
 *
 * <p>Two positions: {@link #position()} is what was read in order from the log, and what subscribers are served up to;
 * {@link #seen()} also counts our own writes, which may be ahead of it, and is what tokens carry.
 */
final class RevocationReplica implements RevocationRules, RevocationPosition {
    /** Past this age the issuer does not vouch for its copy. */
    static final Duration FRESH = Duration.ofSeconds(2);

    private final RuleTable rules;

    private final Journal journal = new Journal();

    private final AtomicReference<LogPosition> seen = new AtomicReference<>(LogPosition.NONE);

    private final InstantSource clock;

    private final Duration skew;

    private volatile Beat beat =
            new Beat(0, System.nanoTime() - Duration.ofDays(1).toNanos(), LogPosition.NONE);

    /**
     * A moment at which the log's head was known.
     *
     * @param at {@link System#nanoTime()}
     */
    record Beat(long number, long at, LogPosition position) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - at);
        }

        boolean isFresh() {
            return age().compareTo(FRESH) < 0;
        }
    }

    RevocationReplica(InstantSource clock, Duration skew) {
        this.clock = clock;
        this.skew = skew;
        this.rules = new RuleTable(skew);
    }

    /**
     * Takes over the whole log, and the rules that stand elsewhere. Those that were held before stay: a log that lost some
     * does not un-revoke.
     */
    void load(LogPosition head, List<LogEntry> entries, List<Rule> more) {
        more.forEach(rules::add);
        entries.forEach(entry -> rules.add(entry.rule()));
        see(head);
        journal.begin(head, lastRun(head, entries));
    }

    /** The entries that lead up to the head without a gap. */
    private static List<LogEntry> lastRun(LogPosition head, List<LogEntry> entries) {
        int from = entries.size();
        LogPosition expected = head;
        while (from > 0 && entries.get(from - 1).position().equals(expected)) {
            expected = expected.previous();
            from--;
        }
        return entries.subList(from, entries.size());
    }

    /** Applies the entry that follows {@link #position()}. */
    void apply(LogEntry entry) {
        rules.add(entry.rule());
        see(entry.position());
        journal.append(entry);
    }

    /** Refuses from now on what the rule refuses; it comes by again with the log. */
    void hold(Rule rule) {
        rules.add(rule);
    }

    /** From now on tokens carry this position, or a later one. */
    void see(LogPosition position) {
        seen.accumulateAndGet(position, (a, b) -> a.isBefore(b) ? b : a);
    }

    /** Notes that at this time ({@link System#nanoTime()}) the log's head was {@link #position()}. */
    void beat(long at) {
        beat = new Beat(beat.number() + 1, at, position());
        long now = clock.instant().getEpochSecond();
        rules.forgetExpired(now);
        journal.forgetExpired(now - skew.toSeconds());
        journal.wakeReaders();
    }

    Beat lastBeat() {
        return beat;
    }

    LogPosition position() {
        return journal.position();
    }

    LogPosition seen() {
        return seen.get();
    }

    Journal journal() {
        return journal;
    }

    RuleTable rules() {
        return rules;
    }

    @Override
    public String current() {
        return seen.get().toString();
    }

    @Override
    public boolean refuses(AccessTokenClaims token) {
        return rules.refuses(token);
    }

    @Override
    public boolean refusesKey(String kid) {
        return rules.holds(RuleKind.KID, kid, 0);
    }

    @Override
    public boolean isCurrent() {
        return beat.isFresh();
    }
}
