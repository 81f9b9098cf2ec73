package dev.gatehouse.server.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What was read from a table within the last two seconds, so that each issuer sees another's change by then. Of the callers
 * that find a copy older than a second one reads it anew while the others go on with it. What is not in the table is not
 * kept: names that somebody makes up take no room.
 */
final class Recent<V> {
    static final Duration OLDEST = Duration.ofSeconds(2);

    private static final Duration AGEING = Duration.ofSeconds(1);

    private static final int MOST = 10_000;

    private final Function<String, Optional<V>> table;

    private final InstantSource clock;

    private final ConcurrentHashMap<String, Copy<V>> copies = new ConcurrentHashMap<>();

    Recent(Function<String, Optional<V>> table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    Optional<V> get(String key) {
        Instant now = clock.instant();
        Copy<V> copy = copies.get(key);
        return copy != null && copy.serves(now) ? Optional.of(copy.value) : read(key, now);
    }

    void forget(String key) {
        copies.remove(key);
    }

    int size() {
        return copies.size();
    }

    private Optional<V> read(String key, Instant now) {
        Optional<V> value = table.apply(key);
        if (value.isEmpty()) {
            copies.remove(key);
            return value;
        }
        if (copies.size() >= MOST) {
            copies.clear();
        }
        copies.put(key, new Copy<>(value.get(), now));
        return value;
    }

    /** A value as it was read at a time. */
    private static final class Copy<V> {
        private final V value;

        private final Instant readAt;

        private final AtomicBoolean isReadAnew = new AtomicBoolean();

        private Copy(V value, Instant readAt) {
            this.value = value;
            this.readAt = readAt;
        }

        private boolean serves(Instant now) {
            Duration age = Duration.between(readAt, now);
            if (age.isNegative() || age.compareTo(OLDEST) >= 0) {
                return false;
            }
            return age.compareTo(AGEING) < 0 || !isReadAnew.compareAndSet(false, true);
        }
    }
}
