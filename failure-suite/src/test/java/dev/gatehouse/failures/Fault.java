package dev.gatehouse.failures;

import java.util.List;
import java.util.Random;

/**
 * Something that goes wrong for a while.
 *
 * @param name what it is called in a report
 * @param lasts how long, in milliseconds, until it is healed
 */
record Fault(String name, long lasts, Runnable strike, Runnable heal) {
    static Fault random(Topology topology, Random random) {
        RedisPair redis = topology.redis();
        int issuer = random.nextInt(Topology.ISSUERS);
        int verifier = random.nextInt(Topology.VERIFIERS);
        long lasts = 100L + random.nextInt(3000);
        String at = " for " + lasts + " ms";
        List<Fault> faults = List.of(
                new Fault("Redis killed, back with its data" + at, lasts, redis::killMaster, redis::restartMaster),
                new Fault("Redis killed, back empty" + at, lasts, redis::killMaster, () -> {
                    redis.restartMaster();
                    redis.wipeMaster();
                }),
                new Fault("Redis emptied", 0, redis::wipeMaster, Fault::nothing),
                new Fault("Redis paused" + at, lasts, redis::pauseMaster, redis::resumeMaster),
                new Fault("Redis out of reach" + at, lasts, redis.link()::freeze, redis.link()::heal),
                new Fault("Redis' connections cut", 0, redis.link()::cut, Fault::nothing),
                new Fault(
                        "failover to a replica that misses the last " + lasts + " ms",
                        lasts,
                        redis::holdReplica,
                        () -> {
                            redis.failOver();
                            redis.rebuildReplica();
                        }),
                new Fault(
                        "issuer " + issuer + " killed" + at,
                        lasts,
                        topology.issuer(issuer)::kill,
                        topology.issuer(issuer)::restart),
                new Fault(
                        "issuer " + issuer + " paused" + at,
                        lasts,
                        topology.issuer(issuer)::pause,
                        topology.issuer(issuer)::resume),
                new Fault(
                        "verifier " + verifier + " killed" + at,
                        lasts,
                        topology.verifier(verifier)::kill,
                        topology.verifier(verifier)::restart),
                new Fault(
                        "verifier " + verifier + " paused" + at,
                        lasts,
                        topology.verifier(verifier)::pause,
                        topology.verifier(verifier)::resume),
                new Fault(
                        "verifier " + verifier + "'s feed frozen" + at,
                        lasts,
                        topology.link(verifier)::freeze,
                        topology.link(verifier)::heal),
                new Fault("verifier " + verifier + "'s feed cut", 0, topology.link(verifier)::cut, Fault::nothing),
                new Fault(
                        "verifier " + verifier + "'s feed " + lasts + " ms late",
                        3000,
                        () -> topology.link(verifier).delay(lasts),
                        topology.link(verifier)::heal));
        return faults.get(random.nextInt(faults.size()));
    }

    private static void nothing() {
        // What is over at once needs no healing.
    }

    /** Two at a time must not be of one subject: a process that is dead cannot be paused. */
    String subject() {
        return name.startsWith("failover") ? "Redis" : name.replaceAll("^(\\w+( \\d)?).*", "$1");
    }
}
