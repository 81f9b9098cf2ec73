package dev.gatehouse.server.keys;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a signing key.
 *
 * @param custody who has its private half: {@code sealed} or {@code pkcs11}
 * @param published whether it is in the JWK set
 * @param activatesAt when it is to sign, or began to
 * @param retiredAt when it ceased to; absent while it is to sign
 */
public record KeyStatus(
        String kid,
        SigningAlgorithm algorithm,
        KeyState state,
        String custody,
        boolean published,
        Instant createdAt,
        Instant activatesAt,
        @Nullable Instant retiredAt) {}
