package dev.gatehouse.server.passkey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A passkey of a person.
 *
 * @param label what the person calls it
 * @param movable whether the key may leave its authenticator: it is kept by a service that brings it to other devices
 * @param backedUp whether that has happened
 */
public record Passkey(
        String id,
        String accountId,
        String label,
        boolean movable,
        boolean backedUp,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {

    /**
     * How it proves who a person is, RFC 8176: a key that its authenticator guards or that software keeps, and somebody who was
     * there. It does not say by which PIN, finger or face.
     */
    public List<String> amr() {
        return List.of(movable ? "swk" : "hwk", "user");
    }
}
