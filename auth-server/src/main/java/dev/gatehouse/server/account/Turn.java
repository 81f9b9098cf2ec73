package dev.gatehouse.server.account;

/** When a password check gets a processor, while there are more than may run at once. */
public enum Turn {
    /** Before all others: for people on a device of theirs, whom a storm of guesses from elsewhere must not keep out. */
    FIRST,
    /** After those that came before it. */
    IN_ORDER
}
