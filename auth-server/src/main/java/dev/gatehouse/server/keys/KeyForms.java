package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/** Between the platform's keys and JWKs, RFC 7517, for each of our algorithms. */
final class KeyForms {
    private KeyForms() {}

    /** The whole pair. */
    static JWK jwk(KeyPair pair, SigningAlgorithm algorithm) throws GeneralSecurityException {
        return jwk(pair.getPublic(), pair.getPrivate(), algorithm);
    }

    /** The public half alone, of a pair whose private half stays where it is. */
    static JWK publicJwk(PublicKey key, SigningAlgorithm algorithm) throws GeneralSecurityException {
        return jwk(key, null, algorithm);
    }

    private static JWK jwk(PublicKey key, @Nullable PrivateKey privateKey, SigningAlgorithm algorithm)
            throws GeneralSecurityException {
        try {
            return switch (algorithm) {
                case RS256, PS256 -> {
                    RSAKey.Builder rsa = new RSAKey.Builder((RSAPublicKey) key);
                    if (privateKey != null) {
                        rsa.privateKey((RSAPrivateKey) privateKey);
                    }
                    yield rsa.keyUse(KeyUse.SIGNATURE)
                            .algorithm(algorithm.jose())
                            .keyIDFromThumbprint()
                            .build();
                }
                case ES256 -> {
                    ECKey.Builder ec = new ECKey.Builder(Curve.P_256, (ECPublicKey) key);
                    if (privateKey != null) {
                        ec.privateKey((ECPrivateKey) privateKey);
                    }
                    yield ec.keyUse(KeyUse.SIGNATURE)
                            .algorithm(algorithm.jose())
                            .keyIDFromThumbprint()
                            .build();
                }
                case EDDSA -> {
                    OctetKeyPair.Builder okp = Ed25519Keys.jwk(key);
                    if (privateKey != null) {
                        byte[] seed = ((EdECPrivateKey) privateKey)
                                .getBytes()
                                .orElseThrow(() -> new GeneralSecurityException("the private key cannot be read"));
                        okp.d(Base64URL.encode(seed));
                    }
                    yield okp.keyUse(KeyUse.SIGNATURE)
                            .algorithm(algorithm.jose())
                            .keyIDFromThumbprint()
                            .build();
                }
            };
        } catch (JOSEException e) {
            throw new GeneralSecurityException(e);
        }
    }

    static PublicKey publicKey(JWK jwk) throws GeneralSecurityException {
        try {
            return switch (jwk) {
                case RSAKey rsa -> rsa.toRSAPublicKey();
                case ECKey ec -> ec.toECPublicKey();
                case OctetKeyPair okp -> Ed25519Keys.publicKey(okp);
                default -> throw new GeneralSecurityException("no key for signatures");
            };
        } catch (JOSEException e) {
            throw new GeneralSecurityException(e);
        }
    }

    static PrivateKey privateKey(JWK jwk) throws GeneralSecurityException {
        try {
            return switch (jwk) {
                case RSAKey rsa -> rsa.toRSAPrivateKey();
                case ECKey ec -> ec.toECPrivateKey();
                case OctetKeyPair okp -> Ed25519Keys.privateKey(okp);
                default -> throw new GeneralSecurityException("no key for signatures");
            };
        } catch (JOSEException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
