package dev.gatehouse.verifier;

/** A token is refused; carries no stack, since anybody can cause it. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final Refusal reason;

    RefusedException(Refusal reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Refusal reason() {
        return reason;
    }
}
