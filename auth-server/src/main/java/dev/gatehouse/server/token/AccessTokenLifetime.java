package dev.gatehouse.server.token;

import java.time.Duration;

/** How long access tokens live: a revocation rule has to outlast them. */
public interface AccessTokenLifetime {
    /** The longest that an access token of ours can live, whoever it is for. */
    Duration longest();
}
