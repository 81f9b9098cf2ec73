package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;

/** Where the private halves of signing keys are made and kept: in the database, sealed, or in a device that never lets them go. */
interface KeyCustody {
    /** As it stands in the table of keys. */
    String name();

    /** Whether keys for the algorithm can be made. */
    boolean supports(SigningAlgorithm algorithm);

    /**
     * Makes a key.
     *
     * @return what is to be stored, sealed: with its private half, or without when the custodian keeps that. Its {@code kid}
     *     is the RFC 7638 thumbprint
     */
    JWK generate(SigningAlgorithm algorithm) throws GeneralSecurityException;

    /** What signs with a key that {@link #generate} has made. */
    SigningKey open(JWK stored, SigningAlgorithm algorithm) throws GeneralSecurityException;

    /** Forgets a key that will not sign again, for good; one that is not there is no error. */
    void destroy(String kid) throws GeneralSecurityException;
}
