package dev.gatehouse.server.revocation;

import java.util.List;

/**
 * How far a position of the log has got.
 *
 * @param verifiers how many that acknowledge are connected, at any issuer
 * @param applied how many of them have applied everything up to the position
 * @param slowestMillis the time from the rule's writing to the last of these acknowledgements, at most; -1 when it is not known
 * @param stragglers the names of the others, at most {@value #MOST_NAMES}
 */
record Receipt(int verifiers, int applied, long slowestMillis, List<String> stragglers) {
    static final int MOST_NAMES = 100;

    boolean isComplete() {
        return applied == verifiers;
    }
}
