package dev.gatehouse.verifier;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a verifier has decided so far. */
final class Counters {

    final LongAdder accepted = new LongAdder();
    final LongAdder acceptedStale = new LongAdder();
    final LongAdder introspected = new LongAdder();
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    Counters() {
        for (Refusal reason : Refusal.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    void refuse(Refusal reason) {
        counter(reason).increment();
    }

    long refused(Refusal reason) {
        return counter(reason).sum();
    }

    @SuppressWarnings("NullAway") // the constructor fills in every reason
    private LongAdder counter(Refusal reason) {
        return refused.get(reason);
    }
}
