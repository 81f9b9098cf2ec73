package dev.gatehouse.server.account;

/** Computes Argon2. */
interface Argon2 {

    /** The hash of the password with the salt, the parameters and the length of this one. */
    byte[] derive(byte[] password, Argon2Hash like);

    /** The library that does it. */
    String name();
}
