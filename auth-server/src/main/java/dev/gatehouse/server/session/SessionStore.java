package dev.gatehouse.server.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where browser sessions are kept, by the digests of their ids. */
interface SessionStore {
    /** None when there is no such session. */
    Map<String, String> fields(String digest);

    /**
     * Sets some fields, removes others, and lets the session live this long from now.
     *
     * @param create whether it may be a new one; otherwise one that is gone stays gone
     */
    void write(String digest, boolean create, Duration kept, Map<String, String> set, List<String> removed);

    /** Removes a field; of several at once exactly one caller removed it. */
    boolean take(String digest, String field);

    void delete(String digest);
}
