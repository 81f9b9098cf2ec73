package dev.gatehouse.server.keys;

/** Thrown at start when the signing keys in the database do not open under the configured master key. */
final class WrongMasterKey extends RuntimeException {
    WrongMasterKey(Throwable cause) {
        super(
                "gatehouse.keys.master-key: the signing keys in the database were sealed under another master key, or tampered"
                        + " with (" + cause.getMessage() + ")",
                cause);
    }
}
