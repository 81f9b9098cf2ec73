package dev.gatehouse.server.token;

import java.time.Instant;

/**
 * When something is issued, by the clock and by the revocation log.
 *
 * @param position the log's position, {@code epoch-seq}
 */
public record IssueMoment(Instant at, String position) {}
