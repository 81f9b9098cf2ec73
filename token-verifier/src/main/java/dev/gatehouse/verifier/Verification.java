package dev.gatehouse.verifier;

import java.util.function.Function;

/** What became of a token that was presented. */
public sealed interface Verification {

    /** Goes on with whichever it is; the way for Java 17 to miss no case. */
    <T> T fold(Function<VerifiedToken, T> verified, Function<Refusal, T> refused);

    /** The token is good. */
    record Verified(VerifiedToken token) implements Verification {
        @Override
        public <T> T fold(Function<VerifiedToken, T> verified, Function<Refusal, T> refused) {
            return verified.apply(token);
        }
    }

    /** The token is refused. */
    record Refused(Refusal reason) implements Verification {
        @Override
        public <T> T fold(Function<VerifiedToken, T> verified, Function<Refusal, T> refused) {
            return refused.apply(reason);
        }
    }
}
