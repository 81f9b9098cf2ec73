package dev.gatehouse.server.account;

/** Passwords that are known to have been stolen. */
interface BreachedPasswords {
    /**
     * Whether it is one of them, as far as can be found out at once.
     *
     * @param password in Unicode's form NFC
     */
    boolean contains(String password);
}
