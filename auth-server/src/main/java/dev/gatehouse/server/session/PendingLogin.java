package dev.gatehouse.server.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A login of which the first step is done and the second is not. It is no login: whoever has it has only come half way.
 *
 * @param id unguessable; what is made for this login alone, such as a code by e-mail, hangs on it
 * @param generation of the account, when the first step was done
 * @param amr what has been proven so far, RFC 8176
 * @param begunAt when the first step was done
 * @param interaction the id of the authorization request that waits, if one does
 * @param path the account page that the login leads to, if it does
 * @param remember whether the browser is to be remembered
 */
public record PendingLogin(
        String id,
        String accountId,
        long generation,
        List<String> amr,
        Instant begunAt,
        @Nullable String interaction,
        @Nullable String path,
        boolean remember) {
    /** No account's generation. */
    public static final long VOID = -1;

    public PendingLogin {
        amr = List.copyOf(amr);
    }
}
