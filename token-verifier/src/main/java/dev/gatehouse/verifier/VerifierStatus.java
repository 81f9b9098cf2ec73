package dev.gatehouse.verifier;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a verifier fares at one moment.
 *
 * @param ready whether the issuer's keys and a first heartbeat have arrived
 * @param fresh whether the copy of the revocation rules is within its staleness bound
 * @param staleness the time since the copy was last known to be complete, or since the start when it never was
 * @param position the last entry of the revocation log that was applied
 * @param rules the number of rules held
 */
public record VerifierStatus(
        boolean ready,
        boolean fresh,
        Duration staleness,
        @Nullable String position,
        long rules) {}
