package dev.gatehouse.server.session;

import dev.gatehouse.server.standby.StandbyTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Browser sessions in PostgreSQL, under {@code session:<digest>}. */
final class StandbySessionStore implements SessionStore {
    private final StandbyTable table;

    StandbySessionStore(StandbyTable table) {
        this.table = table;
    }

    private static String key(String digest) {
        return "session:" + digest;
    }

    @Override
    public Map<String, String> fields(String digest) {
        return table.fields(key(digest));
    }

    @Override
    public void write(String digest, boolean create, Duration kept, Map<String, String> set, List<String> removed) {
        if (create) {
            table.put(key(digest), null, set, kept, "false");
        } else {
            table.change(key(digest), set, removed, kept, "true");
        }
    }

    @Override
    public boolean take(String digest, String field) {
        return table.take(key(digest), field);
    }

    @Override
    public void delete(String digest) {
        table.delete(key(digest));
    }
}
