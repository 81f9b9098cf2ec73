package dev.gatehouse.server.audit;

import java.util.List;

/** What has happened around a person's account lately. */
public interface Activity {
    /**
     * The newest events of some types, the newest first.
     *
     * @param types which ones, for example {@code login}
     */
    List<PersonalEvent> of(String accountId, List<String> types, int most);
}
