package dev.gatehouse.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** No token that was acknowledged as revoked is accepted after the bound. */
class FailureSuiteIT {
    @Test
    void whatWasAcknowledgedAsRevokedStaysRevoked() throws InterruptedException {
        String[] seeds = System.getProperty("failures.seeds", "1-5").split("-", 2);
        int acknowledged = 0;
        try (Topology topology = Topology.start(Path.of("target/failures"))) {
            for (long seed : LongStream.rangeClosed(Long.parseLong(seeds[0]), Long.parseLong(seeds[1]))
                    .toArray()) {
                Scenario scenario = new Scenario(topology, seed);
                System.out.println("seed " + seed + ": " + scenario.plan());
                assertThat(scenario.run())
                        .as("seed %d: %s", seed, scenario.plan())
                        .isEmpty();
                acknowledged += scenario.acknowledgements();
                System.out.println("seed " + seed + ": " + scenario.outcome());
            }
        }
        System.out.println(acknowledged + " revocations acknowledged, none of them lost");
        assertThat(acknowledged).isPositive();
    }
}
