package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;

/** The issuer's signing keys. */
public interface SigningKeys {
    /** The key that signs now, with its private part; its {@code kid} is the RFC 7638 thumbprint. */
    RSAKey active();

    /** The public keys that verifiers may meet, without private parts. */
    JWKSet published();
}
