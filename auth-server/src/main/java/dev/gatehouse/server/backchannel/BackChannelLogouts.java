package dev.gatehouse.server.backchannel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients are owed, for whoever watches over it. */
public interface BackChannelLogouts {
    /**
     * The latest first.
     *
     * @param before only those with a lower id
     */
    List<BackChannelLogout> find(
            @Nullable String clientId,
            @Nullable String sid,
            BackChannelLogout.@Nullable State state,
            long before,
            int most);

    /** Has it tried once more, now. False when there is none with this id that has not been delivered. */
    boolean retry(long id);
}
