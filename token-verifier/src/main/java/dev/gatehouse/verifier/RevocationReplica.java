package dev.gatehouse.verifier;

import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This service's copy of the issuer's revocation rules, as docs/revocation-feed.md says: a position in the log, the
 * rules up to there, and how old that knowledge may be. One thread applies what the issuer sends, many ask.
 *
 * <p>A snapshot is added to what is held rather than put in its place. A rule never takes a refusal back, so the union
 * is right, and a log that lost its end cannot make a revoked token good again here. Rules leave when they expire.
 */
final class RevocationReplica {

    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(30);
    private static final Position NOWHERE = new Position(0, 0);

    /** What the reader of the feed does after an event. */
    enum Next {
        READ_ON,
        CONNECT_AGAIN,
        TAKE_SNAPSHOT
    }

    /** @param age how old what it says was when it was heard */
    private record Heartbeat(Stopwatch.Mark heard, Duration age) {}

    private final VerifierSettings settings;
    private final Stopwatch stopwatch;
    private final Runnable whenKeyRevoked;
    private final Rules rules = new HashedRules();
    private final Stopwatch.Mark start;
    private Stopwatch.Mark lastSweep;
    private Stopwatch.Mark connecting;
    /** How far the issuer's clock has run ahead of this one's since then, at least. */
    private Duration ahead = Duration.ZERO;

    private long added;
    private volatile Position position = NOWHERE;
    /** Moves with each rule. */
    private volatile long generation;

    private volatile @Nullable Heartbeat lastHeartbeat;
    /** Until when, in seconds since 1970, a rule is in force that is not understood here. */
    private volatile long unenforceableUntil = Long.MIN_VALUE;

    RevocationReplica(VerifierSettings settings, Stopwatch stopwatch, Runnable whenKeyRevoked) {
        this.settings = settings;
        this.stopwatch = stopwatch;
        this.whenKeyRevoked = whenKeyRevoked;
        this.start = stopwatch.mark();
        this.lastSweep = start;
        this.connecting = start;
    }

    boolean refuses(RuleTarget token) {
        return rules.refuse(token);
    }

    /**
     * Looks the token up unless it has passed the very same rules before. The generation is read before the rules and
     * moves after them, so a token never counts as having passed a rule that it has not met.
     */
    boolean refuses(CheckedToken token) {
        long now = generation;
        if (token.hasPassed(now)) {
            return false;
        }
        if (rules.refuse(token.target())) {
            return true;
        }
        token.passed(now);
        return false;
    }

    boolean isReady() {
        return lastHeartbeat != null;
    }

    boolean isFresh() {
        return isReady() && staleness().compareTo(settings.stalenessBound()) <= 0 && unenforceableUntil <= forgotten();
    }

    Duration staleness() {
        Heartbeat last = lastHeartbeat;
        return last == null
                ? stopwatch.since(start)
                : stopwatch.since(last.heard()).plus(last.age());
    }

    Position position() {
        return position;
    }

    long size() {
        return rules.size();
    }

    /** Takes over a snapshot: its rules, and its position as the place to read on from. */
    void load(Map<String, Object> snapshot) throws ParseException {
        if (!settings.issuer().equals(snapshot.get("issuer"))) {
            throw new ParseException("the snapshot is that of another issuer", 0);
        }
        Position at = required(snapshot.get("position"));
        if (!(snapshot.get("rules") instanceof List<?> entries)) {
            throw new ParseException("the snapshot has no rules", 0);
        }
        List<Rule> read = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            read.add(rule(entry));
        }
        read.forEach(this::add);
        unenforceableUntil = read.stream()
                .filter(Rule.Unenforceable.class::isInstance)
                .mapToLong(Rule::expires)
                .max()
                .orElse(Long.MIN_VALUE);
        position = at;
    }

    /** The request for the feed is about to be sent: no heartbeat of it is older than what it says has passed since. */
    void connecting() {
        connecting = stopwatch.mark();
        ahead = Duration.ZERO;
    }

    Next apply(FeedEvent event) throws ParseException {
        return switch (event.type()) {
            case "rule" -> applyRule(required(event.id()), event.data());
            case "heartbeat" -> applyHeartbeat(JsonObject.parse(event.data()));
            case "reset" -> Next.TAKE_SNAPSHOT;
            case "reconnect" -> Next.CONNECT_AGAIN;
            default -> Next.READ_ON;
        };
    }

    private Next applyRule(Position id, String data) throws ParseException {
        if (id.compareTo(position) <= 0) {
            return Next.READ_ON;
        }
        if (!id.follows(position)) {
            return Next.TAKE_SNAPSHOT;
        }
        add(Rule.read(JsonObject.parse(data)));
        position = id;
        return Next.READ_ON;
    }

    /** A position behind this copy's means that the log was rewound, so that what follows would pass for known. */
    private Next applyHeartbeat(Map<String, Object> heartbeat) throws ParseException {
        if (!required(heartbeat.get("position")).equals(position)) {
            return Next.TAKE_SNAPSHOT;
        }
        if (!(heartbeat.get("age_ms") instanceof Number age)) {
            throw new ParseException("a heartbeat without its age", 0);
        }
        Stopwatch.Mark heard = stopwatch.mark();
        Duration lateness = lateness(heartbeat.get("elapsed_ms"));
        if (lateness.compareTo(settings.stalenessBound().dividedBy(2)) > 0) {
            return Next.CONNECT_AGAIN;
        }
        lastHeartbeat = new Heartbeat(heard, duration(age).plus(lateness));
        if (stopwatch.since(lastSweep).compareTo(BETWEEN_SWEEPS) > 0) {
            rules.forget(forgotten());
            lastSweep = stopwatch.mark();
        }
        return Next.READ_ON;
    }

    /**
     * How long a heartbeat was on its way at most, whatever held it back. None comes before it was sent: where it looks
     * so, the issuer's clock is the faster one, and what it is ahead by would hide the lateness of those that follow.
     */
    private Duration lateness(@Nullable Object elapsed) throws ParseException {
        if (!(elapsed instanceof Number millis)) {
            throw new ParseException("a heartbeat without its time", 0);
        }
        Duration lateness = stopwatch.since(connecting).minus(duration(millis)).plus(ahead);
        if (lateness.isNegative()) {
            ahead = ahead.minus(lateness);
            return Duration.ZERO;
        }
        return lateness;
    }

    /** At most a year, so that no duration is too large to add to. */
    private static Duration duration(Number millis) {
        return Duration.ofMillis(Math.max(0, Math.min(millis.longValue(), 365L * 86_400_000)));
    }

    private void add(Rule rule) {
        if (rule instanceof Rule.Unenforceable) {
            unenforceableUntil = Math.max(unenforceableUntil, rule.expires());
        }
        rules.add(rule);
        generation = ++added;
        if (rule instanceof Rule.Match match && match.kind() == Rule.Kind.KID) {
            whenKeyRevoked.run();
        }
    }

    /** Rules that expired by this second can refuse nothing that the clock's allowance would let pass. */
    private long forgotten() {
        return stopwatch.clock().instant().minus(settings.clockSkew()).getEpochSecond();
    }

    private static Rule rule(@Nullable Object entry) throws ParseException {
        if (!(entry instanceof Map<?, ?>)) {
            throw new ParseException("a rule that is no object", 0);
        }
        @SuppressWarnings("unchecked") // members of a parsed JSON object are named by strings
        Map<String, Object> members = (Map<String, Object>) entry;
        return Rule.read(members);
    }

    private static Position required(@Nullable Object text) throws ParseException {
        Position position = Position.parse(text);
        if (position == null) {
            throw new ParseException("a position is missing", 0);
        }
        return position;
    }
}
