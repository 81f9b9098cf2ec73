package dev.gatehouse.failures;

import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Something that goes wrong for a while.
 *
 * @param subjects whom it befalls; two faults of one subject must not overlap: a process that is dead cannot be paused
 * @param lasts how long, in milliseconds, until it is healed
 */
record Fault(Set<String> subjects, String what, long lasts, Runnable strike, Runnable heal) {
    private static final String REDIS = "Redis";

    private static final long SHORTEST = 100;

    private static final int VARIES_BY = 3000;

    static Fault random(Topology topology, Random random) {
        long lasts = SHORTEST + random.nextInt(VARIES_BY);
        List<Fault> faults = switch (random.nextInt(4)) {
            case 0 -> ofIssuer(topology, random.nextInt(Topology.ISSUERS), lasts);
            case 1 -> ofVerifier(topology, random.nextInt(Topology.VERIFIERS), lasts);
            case 2 -> ofFeed(topology, random.nextInt(Topology.VERIFIERS), lasts);
            default -> ofRedis(topology, lasts);
        };
        return faults.get(random.nextInt(faults.size()));
    }

    private static List<Fault> ofRedis(Topology topology, long lasts) {
        RedisPair redis = topology.redis();
        Set<String> subject = Set.of(REDIS);
        return List.of(
                new Fault(subject, "killed, back with its data", lasts, redis::killMaster, redis::restartMaster),
                new Fault(subject, "killed, back empty", lasts, redis::killMaster, redis::restartEmptyMaster),
                new Fault(subject, "emptied", 0, redis::wipeMaster, Fault::nothing),
                new Fault(subject, "paused", lasts, redis::pauseMaster, redis::resumeMaster),
                new Fault(subject, "out of reach", lasts, redis.link()::freeze, redis.link()::heal),
                new Fault(subject, "connections cut", 0, redis.link()::cut, Fault::nothing),
                new Fault(
                        subject,
                        "failed over to a replica that misses the last of it",
                        lasts,
                        redis::holdReplica,
                        redis::failOver),
                powerCut(topology, lasts));
    }

    /** All that know the rules die at once, and the log is gone. */
    private static Fault powerCut(Topology topology, long lasts) {
        return new Fault(
                Set.of(REDIS, issuer(0), issuer(1)),
                "power cut, Redis back empty",
                lasts,
                () -> {
                    topology.redis().killMaster();
                    topology.issuer(0).kill();
                    topology.issuer(1).kill();
                },
                () -> {
                    topology.redis().restartEmptyMaster();
                    topology.issuer(0).restart();
                    topology.issuer(1).restart();
                });
    }

    private static List<Fault> ofIssuer(Topology topology, int index, long lasts) {
        JavaProcess issuer = topology.issuer(index);
        Set<String> subject = Set.of(issuer(index));
        return List.of(
                new Fault(subject, "killed", lasts, issuer::kill, issuer::restart),
                new Fault(subject, "paused", lasts, issuer::pause, issuer::resume));
    }

    private static String issuer(int index) {
        return "issuer " + index;
    }

    private static List<Fault> ofVerifier(Topology topology, int index, long lasts) {
        JavaProcess verifier = topology.verifier(index);
        Set<String> subject = Set.of("verifier " + index);
        return List.of(
                new Fault(subject, "killed", lasts, verifier::kill, verifier::restart),
                new Fault(subject, "paused", lasts, verifier::pause, verifier::resume));
    }

    private static List<Fault> ofFeed(Topology topology, int index, long lasts) {
        FaultyLink link = topology.link(index);
        Set<String> subject = Set.of("feed of verifier " + index);
        return List.of(
                new Fault(subject, "frozen", lasts, link::freeze, link::heal),
                new Fault(subject, "cut", 0, link::cut, Fault::nothing),
                new Fault(subject, "late", lasts, () -> link.delay(lasts), link::heal));
    }

    private static void nothing() {
        // What is over at once needs no healing.
    }

    @Override
    public String toString() {
        return String.join(", ", subjects.stream().sorted().toList()) + " " + what
                + (lasts > 0 ? " for " + lasts + " ms" : "");
    }
}
