package dev.gatehouse.server.keys;

import java.time.Duration;

/** How long a key must go on being published after its last signature. */
public interface SignedTokenLifetime {
    /** The longest that any token can live that our keys sign. */
    Duration longest();
}
