package dev.gatehouse.server.token;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where authorization codes are kept, by their digests. */
interface CodeStore {
    void issue(String digest, String pending, Duration lifetime);

    Optional<String> pending(String digest);

    /**
     * Claims a code; of several at once exactly one caller claimed it.
     *
     * @param kept how long it is remembered from now, if this claimed it
     * @return its fields, with the {@code jti} that it was claimed for first; none when there is no such code
     */
    Map<String, String> claim(String digest, String jti, boolean refreshable, Duration kept);
}
