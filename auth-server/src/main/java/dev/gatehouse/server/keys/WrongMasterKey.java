package dev.gatehouse.server.keys;

/** Thrown at start when what is sealed in the database does not open under the configured master keys. */
final class WrongMasterKey extends RuntimeException {
    WrongMasterKey(Throwable cause) {
        super("gatehouse.keys.master-key: does not fit the database: " + cause.getMessage(), cause);
    }
}
