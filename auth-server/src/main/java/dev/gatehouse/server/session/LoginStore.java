package dev.gatehouse.server.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Where logins are kept, by their sids. An ended login is known for an hour; then, or when it has been forgotten, it is as if it had never been. */
interface LoginStore {
    Duration ENDED_KEPT = Duration.ofHours(1);

    /** How a login begins. */
    enum How {
        /** Under a new sid. */
        NEW,
        /** Under a sid that the same account is logged in by. */
        AGAIN,
        /** Under a sid that a browser remembers, known here or not. */
        CARRY_ON
    }

    /**
     * What a login begins with.
     *
     * @param session the digest of the browser's session id
     * @param at when the person logged in
     * @param device what the browser says that it is, as text
     */
    record Beginning(String session, Instant at, String address, String device) {}

    /**
     * Begins a login, which lives as long as a browser may rest, and no longer than a login may last.
     *
     * @return false when it has ended, or is another account's
     */
    boolean begin(String sid, How how, String accountId, Beginning beginning);

    /** Notes that the browser is here. Whether the login is alive. */
    boolean use(String sid, String address);

    /**
     * Hangs something on a login.
     *
     * @param kept how long the login is known for it, at least
     * @return false when it has ended or expired
     */
    boolean attach(String sid, String field, String value, String clientId, Duration kept);

    boolean isAlive(String sid);

    /** Whether it is known and has not been ended; it may have expired. */
    boolean canEnd(String sid);

    /** All of it; none when there is no such login. */
    Map<String, String> fields(String sid);

    /** Ends a login. What it was, and the same when done again soon; none when there is no such login. */
    Map<String, String> end(String sid);

    /** The sids of an account, and perhaps some that have ended. */
    Set<String> of(String accountId);
}
