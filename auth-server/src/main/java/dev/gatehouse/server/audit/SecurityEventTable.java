package dev.gatehouse.server.audit;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code security_events}. */
final class SecurityEventTable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TypeReference<Map<String, String>> DETAILS = new TypeReference<>() {};

    private static final int LONGEST_DETAIL = 1000;

    private static final String ADD = """
            insert into security_events (at, type, outcome, sub, client_id, sid, address, details)
            select * from unnest(cast(:at as timestamptz[]), cast(:type as text[]), cast(:outcome as text[]),
                cast(:sub as text[]), cast(:client as text[]), cast(:sid as text[]), cast(:address as text[]),
                cast(:details as jsonb[]))
            """;

    private static final String OF = """
            select at, type, outcome, client_id, address, details from security_events
            where sub = :sub and type in (:types) order by at desc limit :most
            """;

    /** In slices, so that no lock is held for long; of several servers one does it. */
    private static final String FORGET = """
            delete from security_events where id in (
                select id from security_events where at < :before and pg_try_advisory_xact_lock(7165309)
                order by at limit 5000)
            """;

    private final JdbcClient jdbc;

    SecurityEventTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An event and when it was. */
    record Entry(Instant at, SecurityEvent event) {}

    void add(List<Entry> entries) {
        List<String> details = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, String> rest = new HashMap<>(entry.event().details());
            rest.keySet().removeAll(List.of("sub", "client_id", "sid", "address"));
            rest.replaceAll((_, value) -> storable(value));
            details.add(JSON.writeValueAsString(rest));
        }
        jdbc.sql(ADD)
                .param(
                        "at",
                        entries.stream()
                                .map(entry -> Timestamp.from(entry.at()))
                                .toArray(Timestamp[]::new))
                .param(
                        "type",
                        entries.stream().map(entry -> entry.event().type()).toArray(String[]::new))
                .param(
                        "outcome",
                        entries.stream().map(entry -> entry.event().outcome()).toArray(String[]::new))
                .param("sub", column(entries, "sub"))
                .param("client", column(entries, "client_id"))
                .param("sid", column(entries, "sid"))
                .param("address", column(entries, "address"))
                .param("details", details.toArray(String[]::new))
                .update();
    }

    private static @Nullable String[] column(List<Entry> entries, String name) {
        return entries.stream()
                .map(entry -> entry.event().details().get(name))
                .map(value -> value == null ? null : storable(value))
                .toArray(String[]::new);
    }

    /** PostgreSQL takes every text but one with a null character or half a pair of surrogates. */
    private static String storable(String value) {
        String text = value.length() > LONGEST_DETAIL ? value.substring(0, LONGEST_DETAIL) : value;
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    List<PersonalEvent> of(String accountId, List<String> types, int most) {
        return jdbc.sql(OF)
                .param("sub", accountId)
                .param("types", types)
                .param("most", most)
                .query((row, _) -> new PersonalEvent(
                        row.getTimestamp("at").toInstant(),
                        row.getString("type"),
                        row.getString("outcome"),
                        row.getString("client_id"),
                        row.getString("address"),
                        JSON.readValue(row.getString("details"), DETAILS)))
                .list();
    }

    /** How many were forgotten. */
    int forgetBefore(Instant time) {
        return jdbc.sql(FORGET).param("before", Timestamp.from(time)).update();
    }
}
