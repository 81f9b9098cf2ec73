package dev.gatehouse.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm that tokens may be signed by, RFC 7518 section 3.1 and RFC 8037, as Java's cryptography knows it. What a
 * shared secret would verify is not among them.
 */
@SuppressWarnings("ImmutableEnumChecker") // what it holds cannot be changed, though its classes do not say so
enum SignatureAlgorithm {
    RS256(JWSAlgorithm.RS256, "SHA256withRSA"),
    RS384(JWSAlgorithm.RS384, "SHA384withRSA"),
    RS512(JWSAlgorithm.RS512, "SHA512withRSA"),
    PS256(JWSAlgorithm.PS256, MGF1ParameterSpec.SHA256, 32),
    PS384(JWSAlgorithm.PS384, MGF1ParameterSpec.SHA384, 48),
    PS512(JWSAlgorithm.PS512, MGF1ParameterSpec.SHA512, 64),
    ES256(JWSAlgorithm.ES256, "SHA256withECDSAinP1363Format", Curve.P_256),
    ES384(JWSAlgorithm.ES384, "SHA384withECDSAinP1363Format", Curve.P_384),
    ES512(JWSAlgorithm.ES512, "SHA512withECDSAinP1363Format", Curve.P_521),
    EDDSA(JWSAlgorithm.EdDSA, "Ed25519", Curve.Ed25519);

    private static final int SHORTEST_RSA = 2048;
    private static final int LENGTH_OF_ED25519 = 32;
    /** What comes before the 32 bytes of an Ed25519 key in the form that Java reads, RFC 8410 section 4. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final JWSAlgorithm name;
    private final String platformName;
    private final @Nullable PSSParameterSpec parameters;
    private final @Nullable Curve curve;
    private final @Nullable BigInteger order;

    SignatureAlgorithm(JWSAlgorithm name, String platformName) {
        this(name, platformName, null, null);
    }

    SignatureAlgorithm(JWSAlgorithm name, MGF1ParameterSpec hash, int saltLength) {
        this(name, "RSASSA-PSS", pss(hash, saltLength), null);
    }

    SignatureAlgorithm(JWSAlgorithm name, String platformName, Curve curve) {
        this(name, platformName, null, curve);
    }

    SignatureAlgorithm(
            JWSAlgorithm name, String platformName, @Nullable PSSParameterSpec parameters, @Nullable Curve curve) {
        this.name = name;
        this.platformName = platformName;
        this.parameters = parameters;
        this.curve = curve;
        this.order = curve == null || Curve.Ed25519.equals(curve)
                ? null
                : curve.toECParameterSpec().getOrder();
    }

    private static PSSParameterSpec pss(MGF1ParameterSpec hash, int saltLength) {
        return new PSSParameterSpec(
                hash.getDigestAlgorithm(), "MGF1", hash, saltLength, PSSParameterSpec.TRAILER_FIELD_BC);
    }

    static @Nullable SignatureAlgorithm of(JWSAlgorithm name) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The one algorithm that a published key is for; one that does not say so itself is for the plainest of its kind. */
    static @Nullable SignatureAlgorithm of(JWK key) {
        if (key.getAlgorithm() == null) {
            return Arrays.asList(RS256, ES256, EDDSA).stream()
                    .filter(algorithm -> algorithm.fits(key))
                    .findFirst()
                    .orElse(null);
        }
        SignatureAlgorithm said = of(JWSAlgorithm.parse(key.getAlgorithm().getName()));
        return said != null && said.fits(key) ? said : null;
    }

    private boolean fits(JWK key) {
        if (key instanceof RSAKey rsa) {
            return curve == null && rsa.size() >= SHORTEST_RSA;
        }
        if (key instanceof ECKey ec) {
            return ec.getCurve().equals(curve);
        }
        return key instanceof OctetKeyPair pair
                && pair.getCurve().equals(curve)
                && pair.getDecodedX().length == LENGTH_OF_ED25519;
    }

    JWSAlgorithm jose() {
        return name;
    }

    /** A key that fits, as Java and, where it prefers a form of its own, the provider have it. */
    PublicKey publicKey(JWK key, @Nullable Provider provider) throws GeneralSecurityException, JOSEException {
        PublicKey plain = publicKey(key);
        if (provider == null || provider.getService("KeyFactory", plain.getAlgorithm()) == null) {
            return plain;
        }
        return (PublicKey)
                KeyFactory.getInstance(plain.getAlgorithm(), provider).translateKey(plain);
    }

    private static PublicKey publicKey(JWK key) throws GeneralSecurityException, JOSEException {
        if (key instanceof RSAKey rsa) {
            return rsa.toRSAPublicKey();
        }
        if (key instanceof ECKey ec) {
            return ec.toECPublicKey();
        }
        if (key instanceof OctetKeyPair pair) {
            ByteArrayOutputStream encoded = new ByteArrayOutputStream();
            encoded.writeBytes(ED25519_PREFIX);
            encoded.writeBytes(pair.getDecodedX());
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        }
        throw new InvalidKeyException("no public key");
    }

    /** A signature of the platform's, ready to be given a key; without a provider it is the platform's choice. */
    Signature signature(@Nullable Provider provider) throws GeneralSecurityException {
        Signature signature =
                provider == null ? Signature.getInstance(platformName) : Signature.getInstance(platformName, provider);
        if (parameters != null) {
            signature.setParameter(parameters);
        }
        return signature;
    }

    /**
     * Whether bytes have the form of a signature. Of an elliptic curve they are of one length, and both numbers in them
     * are from 1 to the order of the curve less 1, which not every version of Java has looked at (CVE-2022-21449).
     */
    boolean isWellFormed(byte[] signature) {
        if (order == null) {
            return curve == null || signature.length == 2 * LENGTH_OF_ED25519;
        }
        int half = (order.bitLength() + 7) / 8;
        return signature.length == 2 * half
                && isInRange(new BigInteger(1, signature, 0, half), order)
                && isInRange(new BigInteger(1, signature, half, half), order);
    }

    private static boolean isInRange(BigInteger number, BigInteger order) {
        return number.signum() > 0 && number.compareTo(order) < 0;
    }
}
