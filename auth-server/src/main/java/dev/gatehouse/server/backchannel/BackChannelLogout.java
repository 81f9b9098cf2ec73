package dev.gatehouse.server.backchannel;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one client is owed of one login's end.
 *
 * @param owedAt when the login ended
 * @param dueAt when it is tried next, while it waits
 * @param triedAt when it was tried last
 * @param answer what came of the last try, in a few words
 */
public record BackChannelLogout(
        long id,
        String sid,
        String clientId,
        String accountId,
        State state,
        Instant owedAt,
        Instant dueAt,
        @Nullable Instant triedAt,
        int tries,
        @Nullable String answer) {

    /** How far it has got. */
    public enum State {
        WAITING,
        DELIVERED,
        ABANDONED;

        /** As it is stored and shown. */
        public String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
