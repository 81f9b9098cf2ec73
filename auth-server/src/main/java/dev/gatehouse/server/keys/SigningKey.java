package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Signature;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The private half of a key, or a handle to it, with the algorithm it is for and the provider that signs with it. */
final class SigningKey {
    private final String kid;

    private final SigningAlgorithm algorithm;

    private final PrivateKey key;

    private final @Nullable Provider provider;

    private final Map<JOSEObjectType, byte[]> headers = new ConcurrentHashMap<>();

    private volatile boolean failed;

    SigningKey(String kid, SigningAlgorithm algorithm, PrivateKey key, @Nullable Provider provider) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.key = key;
        this.provider = provider;
    }

    String kid() {
        return kid;
    }

    SigningAlgorithm algorithm() {
        return algorithm;
    }

    /** The provider's name and version. */
    String provider() {
        try {
            Provider signs = provider == null ? algorithm.signature(null).getProvider() : provider;
            return signs.getName() + " " + signs.getVersionStr();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The header of what it signs, RFC 7515 section 4, in base64url. */
    byte[] header(JOSEObjectType type) {
        return headers.computeIfAbsent(
                type,
                _ -> new JWSHeader.Builder(algorithm.jose())
                        .type(type)
                        .keyID(kid)
                        .build()
                        .toBase64URL()
                        .toString()
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it could not sign when it should have; it is to be opened anew then. */
    boolean hasFailed() {
        return failed;
    }

    byte[] sign(byte[] content) throws GeneralSecurityException {
        try {
            Signature signature = algorithm.signature(provider);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
            failed = true;
            throw e;
        }
    }
}
