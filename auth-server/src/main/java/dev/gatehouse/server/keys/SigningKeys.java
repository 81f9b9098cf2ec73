package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The issuer's signing keys and their life. */
public interface SigningKeys {
    /**
     * The public keys that verifiers may meet, without private parts: those to come, those that sign, and the retired ones
     * whose tokens have not expired. The same object until something changes.
     */
    JWKSet published();

    /** How long a reader may keep the published keys. */
    Duration maxAge();

    /** All keys that are known, in the order in which they are to sign. */
    List<KeyStatus> all();

    /** The keys whose tokens must all be refused, and may not have expired yet. */
    List<String> compromised();

    /** Looks at once whether another replica has changed something. */
    void refresh();

    /** Calls back after each change of {@link #published()}, on whatever thread made it. */
    void onChange(Runnable listener);

    /**
     * Lets the next key of an algorithm sign as soon as it has been published for long enough.
     *
     * @return when that is; nothing when no key is made for the algorithm
     */
    Optional<Instant> rotate(SigningAlgorithm algorithm);

    /**
     * Ends a key in one step: it signs no more, is published no more, and another one signs. Its tokens are refused only when
     * a {@code kid} rule says so, which is the caller's to write.
     *
     * @return false when there is no such key
     */
    boolean compromise(String kid);
}
