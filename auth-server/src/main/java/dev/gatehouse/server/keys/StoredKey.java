package dev.gatehouse.server.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A signing key as it is stored, with what is sealed for its issuer, key id, algorithm and state.
 *
 * @param custody the {@link KeyCustody#name()} of whoever has its private half
 * @param activatesAt when it is to sign, or began to
 * @param retiredAt when it ceased to; absent while it is to sign
 */
record StoredKey(
        String issuer,
        String kid,
        SigningAlgorithm algorithm,
        KeyState state,
        String custody,
        Sealed sealed,
        Instant createdAt,
        Instant activatesAt,
        @Nullable Instant retiredAt) {

    /** The sealed bytes; they show in no text. */
    static final class Sealed {
        private final byte[] bytes;

        Sealed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        byte[] bytes() {
            return bytes.clone();
        }
    }

    boolean is(KeyState wanted) {
        return state == wanted;
    }

    /** What its seal is bound to. */
    String purpose() {
        return purpose(issuer, kid, algorithm, state);
    }

    static String purpose(String issuer, String kid, SigningAlgorithm algorithm, KeyState state) {
        return String.join("\n", "signing key", kid, issuer, algorithm.value(), state.value());
    }

    StoredKey withActivation(Instant newTime) {
        return new StoredKey(issuer, kid, algorithm, state, custody, sealed, createdAt, newTime, retiredAt);
    }

    StoredKey withSeal(Sealed newlySealed) {
        return new StoredKey(issuer, kid, algorithm, state, custody, newlySealed, createdAt, activatesAt, retiredAt);
    }

    StoredKey withState(KeyState newState, Sealed newlySealed, Instant now) {
        boolean begins = newState == KeyState.ACTIVE;
        return new StoredKey(
                issuer,
                kid,
                algorithm,
                newState,
                custody,
                newlySealed,
                createdAt,
                begins ? now : activatesAt,
                newState.maySign() ? null : now);
    }
}
