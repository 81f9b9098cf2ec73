package dev.gatehouse.server.revocation;

import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.server.keys.SigningKeys;
import org.jspecify.annotations.Nullable;

/** The event that tells every subscriber of the published keys, encoded once for each change of them. */
final class KeysEvent {
    private final SigningKeys keys;

    private volatile @Nullable Encoded latest;

    private static final class Encoded {
        private final JWKSet keys;

        private final byte[] bytes;

        Encoded(JWKSet keys, byte[] bytes) {
            this.keys = keys;
            this.bytes = bytes;
        }
    }

    KeysEvent(SigningKeys keys) {
        this.keys = keys;
    }

    /** The same bytes until the keys change. */
    byte[] latest() {
        JWKSet published = keys.published();
        Encoded before = latest;
        if (before != null && before.keys.equals(published)) {
            return before.bytes;
        }
        byte[] bytes = Messages.keys(published);
        latest = new Encoded(published, bytes);
        return bytes;
    }
}
