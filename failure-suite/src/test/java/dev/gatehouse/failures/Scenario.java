package dev.gatehouse.failures;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A few faults at random moments while tokens are revoked. Every token whose revocation was acknowledged is presented to
 * every verifier, again and again, from the bound on; then all is healed, and good tokens must pass again while none of
 * those does.
 */
final class Scenario {
    private static final int TOKENS = 60;

    private static final long DURATION_MILLIS = 2000;

    private static final long STRIKES_WITHIN_MILLIS = 1500;

    private static final long RECOVERY_SECONDS = 60;

    private record Strike(long at, Fault fault) {}

    /** @param at {@link System#nanoTime()} when the acknowledgement had arrived */
    private record Acknowledged(String token, long at) {
        boolean isDue() {
            return System.nanoTime() - at >= TimeUnit.MILLISECONDS.toNanos(Topology.BOUND_MILLIS);
        }
    }

    private final Topology topology;

    private final Random random;

    private final Client client = new Client();

    private final List<Strike> strikes = new ArrayList<>();

    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();

    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean over = new AtomicBoolean();

    private long recoveryMillis;

    Scenario(Topology topology, long seed) {
        this.topology = topology;
        this.random = new Random(seed);
        Set<String> subjects = new HashSet<>();
        int count = 1 + random.nextInt(3);
        while (strikes.size() < count) {
            Fault fault = Fault.random(topology, random);
            if (Collections.disjoint(subjects, fault.subjects())) {
                subjects.addAll(fault.subjects());
                strikes.add(new Strike(random.nextLong(STRIKES_WITHIN_MILLIS), fault));
            }
        }
        strikes.sort(Comparator.comparingLong(Strike::at));
    }

    /** What was accepted that should not have been; empty when all is well. */
    List<String> run() throws InterruptedException {
        prepare();
        List<Thread> threads = new ArrayList<>();
        strikes.forEach(strike -> threads.add(Thread.ofVirtual().start(() -> strike(strike))));
        for (int issuer = 0; issuer < Topology.ISSUERS; issuer++) {
            long seed = random.nextLong();
            int port = topology.issuerPort(issuer);
            threads.add(Thread.ofVirtual().start(() -> revoke(port, new Random(seed))));
        }
        List<Thread> checkers = new ArrayList<>();
        for (int verifier = 0; verifier < Topology.VERIFIERS; verifier++) {
            int index = verifier;
            checkers.add(Thread.ofVirtual().start(() -> check(index)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        recover();
        over.set(true);
        for (Thread checker : checkers) {
            checker.join();
        }
        checkAtTheEnd();
        return List.copyOf(violations);
    }

    private void prepare() {
        awaitServing();
        while (tokens.size() < TOKENS) {
            client.token(topology.issuerPort(0)).ifPresent(tokens::add);
        }
    }

    private void strike(Strike strike) {
        pause(strike.at());
        strike.fault().strike().run();
        pause(strike.fault().lasts());
        strike.fault().heal().run();
    }

    private void revoke(int port, Random pauses) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DURATION_MILLIS);
        while (System.nanoTime() < end) {
            String token = tokens.poll();
            if (token == null) {
                return;
            }
            if (client.revokes(port, token)) {
                acknowledged.add(new Acknowledged(token, System.nanoTime()));
            }
            pause(pauses.nextInt(60));
        }
    }

    private void check(int verifier) {
        while (!over.get()) {
            acknowledged.stream().filter(Acknowledged::isDue).forEach(due -> refuse(verifier, due));
            pause(100);
        }
    }

    private void refuse(int verifier, Acknowledged due) {
        long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - due.at());
        if (client.present(topology.verifierPort(verifier), due.token()) == 200) {
            violations.add("verifier " + verifier + " accepted a token " + age + " ms after its revocation");
        }
    }

    private void recover() {
        long begun = System.nanoTime();
        awaitServing();
        recoveryMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** Until both issuers are ready and every verifier lets a good token pass. */
    private void awaitServing() {
        for (int issuer = 0; issuer < Topology.ISSUERS; issuer++) {
            int port = topology.managementPort(issuer);
            await("issuer " + issuer + " is ready", () -> client.get(port, "/actuator/health/readiness") == 200);
        }
        for (int verifier = 0; verifier < Topology.VERIFIERS; verifier++) {
            int port = topology.verifierPort(verifier);
            await(
                    "verifier " + verifier + " lets a good token pass",
                    () -> client.token(topology.issuerPort(0))
                            .filter(token -> client.present(port, token) == 200)
                            .isPresent());
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(RECOVERY_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("waited in vain until " + what);
            }
            pause(20);
        }
    }

    private void checkAtTheEnd() {
        for (Acknowledged revoked : acknowledged) {
            for (int verifier = 0; verifier < Topology.VERIFIERS; verifier++) {
                int port = topology.verifierPort(verifier);
                int status = client.present(port, revoked.token());
                if (status != 401) {
                    violations.add("verifier " + verifier + " answered " + status + " after all was healed");
                }
            }
            for (int issuer = 0; issuer < Topology.ISSUERS; issuer++) {
                if (!client.saysInactive(topology.issuerPort(issuer), revoked.token())) {
                    violations.add("issuer " + issuer + " does not say that a revoked token is inactive");
                }
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int acknowledgements() {
        return acknowledged.size();
    }

    /** What goes wrong when. */
    String plan() {
        return strikes.stream()
                .map(strike -> strike.at() + " ms: " + strike.fault())
                .collect(Collectors.joining("; "));
    }

    String outcome() {
        return acknowledged.size() + " acknowledged, " + violations.size() + " violations, all serving again after "
                + recoveryMillis + " ms";
    }
}
