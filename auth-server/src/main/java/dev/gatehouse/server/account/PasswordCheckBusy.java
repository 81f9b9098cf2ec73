package dev.gatehouse.server.account;

/** Thrown when more password checks are asked for than may run at once; the caller should try again in a second. */
public final class PasswordCheckBusy extends RuntimeException {
    public PasswordCheckBusy() {
        super("too many password checks at once", null, false, false);
    }
}
