package dev.gatehouse.verifier;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The headers of tokens whose signatures were good, as they are written, so that they need not be read again: an issuer
 * writes the same one into all tokens that it signs with a key.
 */
final class SignedHeaders {

    private static final int MOST = 64;
    private static final int LONGEST = 1_024;

    private final Map<String, SignedHeader> headers = new ConcurrentHashMap<>();

    @Nullable
    SignedHeader find(String encoded) {
        return headers.get(encoded);
    }

    /** An issuer whose headers differ from token to token gains nothing, and takes no more room than others. */
    void keep(SignedHeader header) {
        if (header.encoded().length() > LONGEST || headers.containsKey(header.encoded())) {
            return;
        }
        if (headers.size() >= MOST) {
            headers.clear();
        }
        headers.put(header.encoded(), header);
    }
}
