package dev.gatehouse.server.token;

/** Where the revocation log stands, as far as this issuer knows; implemented by the revocation package. */
public interface RevocationPosition {
    /** {@code epoch-seq}; never goes back. */
    String current();
}
