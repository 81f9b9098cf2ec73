package dev.gatehouse.server.keys;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Amazon's Corretto Crypto Provider where it is on the class path and fits the machine: for each algorithm for which it signs
 * what the platform's own verifies. It is asked for by name, and not put in front of the platform's own for everything else.
 */
final class NativeCryptography {
    private static final Logger log = LoggerFactory.getLogger(NativeCryptography.class);

    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private final @Nullable Provider provider;

    private final Map<SigningAlgorithm, Optional<Provider>> proven = new ConcurrentHashMap<>();

    private NativeCryptography(@Nullable Provider provider) {
        this.provider = provider;
    }

    /** Nothing but the platform's own. */
    static NativeCryptography none() {
        return new NativeCryptography(null);
    }

    static NativeCryptography find() {
        try {
            return new NativeCryptography(
                    (Provider) Class.forName(PROVIDER).getField("INSTANCE").get(null));
        } catch (ReflectiveOperationException | LinkageError absent) {
            log.debug("no native cryptography: {}", absent.toString());
            return none();
        }
    }

    /** What signs with the pair: the native provider if it can, or nothing for the platform's own. */
    @Nullable
    Provider prove(SigningAlgorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {
        return proven.computeIfAbsent(
                        algorithm,
                        _ -> Optional.<Provider>ofNullable(provider)
                                .filter(candidate -> works(candidate, algorithm, privateKey, publicKey)))
                .orElse(null);
    }

    /** The native provider once it is proven for the algorithm. */
    @Nullable
    Provider provider(SigningAlgorithm algorithm) {
        return proven.getOrDefault(algorithm, Optional.empty()).orElse(null);
    }

    /**
     * The key in the provider's own form, or as it is where the provider has none. A foreign key is translated by each signature
     * that is made with it, and what can be worked out of a key once is worked out each time: two thirds of a signature more.
     */
    static PrivateKey inOwnForm(@Nullable Provider provider, SigningAlgorithm algorithm, PrivateKey key) {
        return translated(provider, algorithm, key) instanceof PrivateKey own ? own : key;
    }

    /** The same for the key that verifies. */
    static PublicKey inOwnForm(@Nullable Provider provider, SigningAlgorithm algorithm, PublicKey key) {
        return translated(provider, algorithm, key) instanceof PublicKey own ? own : key;
    }

    private static Key translated(@Nullable Provider provider, SigningAlgorithm algorithm, Key key) {
        if (provider == null) {
            return key;
        }
        try {
            return KeyFactory.getInstance(algorithm.keyAlgorithm(), provider).translateKey(key);
        } catch (GeneralSecurityException e) {
            return key;
        }
    }

    private static boolean works(
            Provider candidate, SigningAlgorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {
        try {
            byte[] content = {1, 2, 3};
            Signature signing = algorithm.signature(candidate);
            signing.initSign(privateKey);
            signing.update(content);
            byte[] signed = signing.sign();
            return verifies(algorithm.signature(null), publicKey, content, signed)
                    && verifies(algorithm.signature(candidate), publicKey, content, signed);
        } catch (GeneralSecurityException | RuntimeException | LinkageError unusable) {
            log.debug("no native {}: {}", algorithm.value(), unusable.toString());
            return false;
        }
    }

    private static boolean verifies(Signature verification, PublicKey key, byte[] content, byte[] signed)
            throws GeneralSecurityException {
        verification.initVerify(key);
        verification.update(content);
        return verification.verify(signed);
    }
}
