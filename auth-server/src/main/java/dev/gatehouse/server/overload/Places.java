package dev.gatehouse.server.overload;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/** How many requests of each share may still begin. */
final class Places {
    private final Map<Share, Semaphore> free = new EnumMap<>(Share.class);

    Places(OverloadProperties properties) {
        for (Share share : Share.values()) {
            int most = switch (share) {
                case TOKEN -> properties.maxTokenRequests();
                case INTROSPECTION -> properties.maxIntrospections();
                case REVOCATION -> properties.maxRevocations();
                case PAGES -> properties.maxPages();
            };
            free.put(share, new Semaphore(most));
        }
    }

    /** Takes a place, if there is one; it must be given back. */
    boolean enter(Share share) {
        return of(share).tryAcquire();
    }

    void leave(Share share) {
        of(share).release();
    }

    private Semaphore of(Share share) {
        return Objects.requireNonNull(free.get(share));
    }
}
