package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs JWTs with the active keys, and tells which ones our keys have signed; RFC 7515 section 7.1. */
public interface TokenSigner {
    /** What there are keys for, the standard one first. */
    List<SigningAlgorithm> algorithms();

    /** The provider that signs by the algorithm now, with its version, for example {@code SunRsaSign 25}. */
    String provider(SigningAlgorithm algorithm);

    /** Whether there is a key for the algorithm, and it has not failed to sign. */
    boolean signs(SigningAlgorithm algorithm);

    /** What tokens are signed by when neither their API nor their client names an algorithm. */
    SigningAlgorithm standard();

    /** A JWT in compact form; the header has {@code kid}, {@code typ} and {@code alg}. */
    String sign(SigningAlgorithm algorithm, JOSEObjectType type, Map<String, Object> claims);

    /** Whether tokens of the key are still to be believed: it is published, or was. */
    boolean knows(String kid);

    /** The token, when one of our keys has signed it by its own algorithm as a token of that type, however long ago. */
    Optional<JWSObject> read(String token, JOSEObjectType type);
}
