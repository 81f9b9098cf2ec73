package dev.gatehouse.server.token;

import dev.gatehouse.server.standby.StandbyTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Authorization codes in PostgreSQL, under {@code code:<digest>}. */
final class StandbyCodeStore implements CodeStore {
    private static final String NOT_CLAIMED = "not jsonb_exists(standby.fields, 'jti')";

    private final StandbyTable table;

    StandbyCodeStore(StandbyTable table) {
        this.table = table;
    }

    private static String key(String digest) {
        return "code:" + digest;
    }

    @Override
    public void issue(String digest, String pending, Duration lifetime) {
        table.put(key(digest), null, Map.of("pending", pending), lifetime, "false");
    }

    @Override
    public Optional<String> pending(String digest) {
        return Optional.ofNullable(table.fields(key(digest)).get("pending"));
    }

    @Override
    public Map<String, String> claim(String digest, String jti, boolean refreshable, Duration kept) {
        return table.change(
                        key(digest),
                        Map.of("jti", jti, "family", refreshable ? "1" : "0"),
                        List.of(),
                        kept,
                        NOT_CLAIMED)
                .orElseGet(() -> table.fields(key(digest)));
    }
}
