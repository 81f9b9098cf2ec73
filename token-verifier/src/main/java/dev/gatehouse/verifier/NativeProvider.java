package dev.gatehouse.verifier;

import java.security.Provider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Amazon's Corretto Crypto Provider, when it is on the class path. It is used as an object and not installed, so that
 * nothing else in the process notices it.
 */
final class NativeProvider {

    static final String CLASS_NAME = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private static final Logger log = LoggerFactory.getLogger(NativeProvider.class);

    private NativeProvider() {}

    static @Nullable Provider find() {
        return find(NativeProvider.class.getClassLoader());
    }

    static @Nullable Provider find(@Nullable ClassLoader loader) {
        try {
            return (Provider)
                    Class.forName(CLASS_NAME, true, loader).getField("INSTANCE").get(null);
        } catch (ClassNotFoundException absent) {
            return null;
        } catch (Throwable unusable) { // whatever it was, the platform's own cryptography is there
            log.warn("The native cryptography on the class path cannot be used: {}", unusable.toString());
            return null;
        }
    }
}
