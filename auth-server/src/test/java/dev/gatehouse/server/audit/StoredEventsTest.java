package dev.gatehouse.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.server.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class StoredEventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final JdbcClient jdbc = TestDatabase.create();

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final StoredEvents events = events(Duration.ofDays(30), true);

    private StoredEvents events(Duration retention, boolean clientTokens) {
        return new StoredEvents(
                new SecurityEventTable(jdbc), new AuditProperties(retention, clientTokens), () -> now, metrics);
    }

    @AfterEach
    void stop() {
        events.stop();
    }

    private static SecurityEvent login(String outcome) {
        return SecurityEvent.of("login", outcome).with("sub", "alice");
    }

    private long stored() {
        return jdbc.sql("select count(*) from security_events")
                .query(Long.class)
                .single();
    }

    @Test
    void whatConcernsAPersonComesBackTheNewestFirst() {
        events.start();
        events.add(login("success")
                .with("client_id", "web")
                .with("address", "192.0.2.1")
                .with("limit", "x"));
        events.add(SecurityEvent.of("logout", "success").with("sub", "alice"));
        events.add(SecurityEvent.of("login", "success").with("sub", "bob"));
        events.add(SecurityEvent.of("token.issued", "success").with("sub", "alice"));
        await().atMost(PATIENCE).until(() -> stored() == 4);

        List<PersonalEvent> hers = events.of("alice", List.of("login", "logout"), 10);
        assertThat(hers).hasSize(2);
        assertThat(hers).contains(new PersonalEvent(now, "login", "success", "web", "192.0.2.1", Map.of("limit", "x")));
        assertThat(events.of("alice", List.of("login", "logout"), 1)).hasSize(1);
    }

    @Test
    void whatPostgresqlDoesNotTakeIsLeftOutAlone() {
        events.add(login("success").with("address", "null \0 and half \ud83d a pair"));
        events.add(SecurityEvent.of("x".repeat(65), "success"));
        events.add(login("success").with("limit", "\ud800\0".repeat(4000)));
        events.start();

        await().atMost(PATIENCE).until(() -> stored() == 2);
        assertThat(metrics.counter("gatehouse.audit.dropped").count()).isEqualTo(1);
        assertThat(events.of("alice", List.of("login"), 10))
                .extracting(PersonalEvent::address)
                .contains("null \uFFFD and half ? a pair");
    }

    @Test
    void whatIsTooOldIsForgotten() {
        jdbc.sql("insert into security_events (at, type, outcome, details) select now() - make_interval(days => d),"
                        + " 'login', 'success', '{}' from generate_series(1, 60) d")
                .update();
        events.start();
        events.add(login("success"));

        await().atMost(PATIENCE).until(() -> stored() <= 31);
        assertThat(stored()).isGreaterThanOrEqualTo(30);
    }

    @Test
    void whatIsNotToBeKeptIsNot() {
        StoredEvents withoutClients = events(Duration.ofDays(30), false);
        StoredEvents nothing = events(Duration.ZERO, true);
        SecurityEvent clientToken = SecurityEvent.of("token.issued", "success").with("grant", "client_credentials");
        withoutClients.add(clientToken);
        withoutClients.add(login("success"));
        nothing.add(login("success"));
        for (StoredEvents each : List.of(withoutClients, nothing)) {
            each.start();
            each.stop();
        }

        assertThat(jdbc.sql("select type from security_events")
                        .query(String.class)
                        .list())
                .containsExactly("login");
    }

    @Test
    void nobodyWaitsAndTheRestIsCounted() {
        for (int i = 0; i < 20_001; i++) {
            events.add(login("success"));
        }
        assertThat(metrics.counter("gatehouse.audit.dropped").count()).isEqualTo(1);
        events.start();
        events.stop();

        assertThat(stored()).isEqualTo(20_000);
    }
}
