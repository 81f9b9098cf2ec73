package dev.gatehouse.server.revocation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The entries that this issuer wrote, and whose effects it sees to itself, until they come back from the log. */
final class OwnEntries {
    private final Set<LogPosition> positions = ConcurrentHashMap.newKeySet();

    void add(LogPosition position) {
        positions.add(position);
    }

    /** Whether the entry is ours. */
    boolean forget(LogPosition position) {
        return positions.remove(position);
    }

    void forgetAll() {
        positions.clear();
    }
}
