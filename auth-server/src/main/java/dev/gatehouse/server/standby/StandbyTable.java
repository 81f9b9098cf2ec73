package dev.gatehouse.server.standby;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table {@code standby}: entries as Redis would hold them, some fields under a key, for a time. Each call is one statement. Conditions
 * are SQL over {@code standby.fields}, what is there, and {@code news}, what is to be set.
 */
@Component
public final class StandbyTable {
    private static final String EXPIRES = " now() + make_interval(secs => :kept / 1000.0) ";

    private final JdbcClient jdbc;

    private final JsonMapper json = JsonMapper.builder().build();

    StandbyTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The fields of an entry; none when there is no such entry. */
    public Map<String, String> fields(String key) {
        return jdbc.sql("select fields from standby where key = :key and expires_at > now()")
                .param("key", key)
                .query(String.class)
                .optional()
                .map(this::read)
                .orElse(Map.of());
    }

    /** The keys of an account's entries. */
    public List<String> of(String accountId) {
        return jdbc.sql("select key from standby where account_id = :account and expires_at > now()")
                .param("account", accountId)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /**
     * Adds an entry, or these fields to the one that is there, which then is kept no shorter than before.
     *
     * @param account whose it is
     * @param ifThere the condition for the latter
     * @return whether it was done
     */
    public boolean put(
            String key, @Nullable String account, Map<String, String> fields, Duration kept, String ifThere) {
        return jdbc.sql("""
                        with given as (select cast(:fields as jsonb) as news)
                        insert into standby (key, account_id, fields, expires_at)
                        select :key, :account, news, %1$s from given
                        on conflict (key) do update set fields = standby.fields || excluded.fields,
                            expires_at = greatest(standby.expires_at, excluded.expires_at)
                        where exists (select 1 from given where %2$s)
                        """.formatted(EXPIRES, ifThere))
                        .param("key", key)
                        .param("account", account)
                        .param("fields", json.writeValueAsString(fields))
                        .param("kept", kept.toMillis())
                        .update()
                == 1;
    }

    /**
     * Changes an entry that is there.
     *
     * @return its fields, if it was there and fulfilled the condition
     */
    public Optional<Map<String, String>> change(
            String key, Map<String, String> fields, Collection<String> removed, Duration kept, String condition) {
        return change(key, fields, removed, kept, condition, EXPIRES);
    }

    /** The same, and the entry is kept no shorter than before. */
    public Optional<Map<String, String>> extend(
            String key, Map<String, String> fields, Collection<String> removed, Duration kept, String condition) {
        return change(key, fields, removed, kept, condition, "greatest(expires_at," + EXPIRES + ")");
    }

    private Optional<Map<String, String>> change(
            String key,
            Map<String, String> fields,
            Collection<String> removed,
            Duration kept,
            String condition,
            String expires) {
        return jdbc.sql("""
                        with given as (select cast(:fields as jsonb) as news)
                        update standby set fields = (standby.fields || news) - cast(:removed as text[]), expires_at = %1$s
                        from given where key = :key and expires_at > now() and (%2$s)
                        returning standby.fields
                        """.formatted(expires, condition))
                .param("key", key)
                .param("fields", json.writeValueAsString(fields))
                .param("removed", removed.toArray(String[]::new))
                .param("kept", kept.toMillis())
                .query(String.class)
                .optional()
                .map(this::read);
    }

    /** Removes a field; of several at once exactly one caller removed it. */
    public boolean take(String key, String field) {
        return jdbc.sql("""
                        update standby set fields = fields - :field
                        where key = :key and expires_at > now() and jsonb_exists(fields, :field)
                        """).param("key", key).param("field", field).update() == 1;
    }

    public void delete(String key) {
        jdbc.sql("delete from standby where key = :key").param("key", key).update();
    }

    @Scheduled(fixedRate = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void forgetExpired() {
        jdbc.sql("delete from standby where expires_at <= now()").update();
    }

    private Map<String, String> read(String fields) {
        return json.readValue(fields, new TypeReference<Map<String, String>>() {});
    }
}
