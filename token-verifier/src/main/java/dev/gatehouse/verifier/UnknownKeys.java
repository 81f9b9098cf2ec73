package dev.gatehouse.verifier;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The ids of keys that the issuer does not have, or has no longer: the latest ones, for a while. */
final class UnknownKeys {

    static final int REMEMBERED = 1_000;

    private final long rememberedForNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Long> since = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    UnknownKeys(Duration rememberedFor, LongSupplier nanoTime) {
        this.rememberedForNanos = rememberedFor.toNanos();
        this.nanoTime = nanoTime;
    }

    synchronized void add(String kid) {
        since.put(kid, nanoTime.getAsLong());
    }

    synchronized boolean contains(String kid) {
        Long then = since.get(kid);
        return then != null && nanoTime.getAsLong() - then < rememberedForNanos;
    }

    synchronized int size() {
        return since.size();
    }

    synchronized void clear() {
        since.clear();
    }
}
