package dev.gatehouse.server.backchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.backchannel.BackChannelLogout.State;
import dev.gatehouse.server.session.EndedSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class LogoutTableTest {
    private final JdbcClient database = TestDatabase.create();

    private final LogoutTable table = new LogoutTable(database);

    private final Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void clients() {
        for (String id : List.of("web", "spa")) {
            database.sql("""
                    insert into clients (id, name, authentication, grants, redirect_uris, post_logout_redirect_uris, scopes,
                        consent, require_pkce, serves, exchange, rate_limited)
                    values (:id, :id, 'client_secret_basic', '{}', '{}', '{}', '{}', false, true, '{}', '{}', true)
                    """).param("id", id).update();
        }
    }

    private void owe(String sid, String... clients) {
        table.owe(new EndedSession(sid, "alice", Set.of(), Set.of(clients)), List.of(clients), now);
    }

    private List<BackChannelLogout> take(Instant at, String... busy) {
        return table.take(at, at.plusSeconds(30), List.of(busy), 32);
    }

    @Test
    void aClientIsOwedOneForEachSessionHoweverOftenItsEndIsRead() {
        owe("s1", "web", "spa");
        owe("s1", "web", "spa");
        owe("s2", "web");
        assertThat(table.find(null, null, null, Long.MAX_VALUE, 100))
                .extracting(BackChannelLogout::sid, BackChannelLogout::clientId)
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsTakenIsNobodyElsesUntilItsLeaseIsOver() {
        owe("s1", "web");
        assertThat(take(now))
                .singleElement()
                .satisfies(taken -> assertThat(taken.tries()).isEqualTo(1));
        assertThat(take(now.plusSeconds(29))).isEmpty();
        assertThat(take(now.plusSeconds(30)))
                .singleElement()
                .satisfies(taken -> assertThat(taken.tries()).isEqualTo(2));
    }

    @Test
    void aServerWhoseLeaseIsOverChangesNothing() {
        owe("s1", "web");
        BackChannelLogout late = take(now).getFirst();
        BackChannelLogout current = take(now.plusSeconds(30)).getFirst();
        table.tried(late, State.ABANDONED, now, "late");
        table.tried(current, State.DELIVERED, now, "delivered");
        assertThat(table.find(null, null, null, Long.MAX_VALUE, 100))
                .singleElement()
                .satisfies(logout -> assertThat(logout.state()).isEqualTo(State.DELIVERED));
    }

    @Test
    void aBusyClientKeepsNobodyElseWaiting() {
        owe("s1", "web", "spa");
        assertThat(take(now, "web")).extracting(BackChannelLogout::clientId).containsExactly("spa");
    }

    @Test
    void manyServersTakeEachOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            owe("s" + i, "web");
        }
        List<Long> taken = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<List<BackChannelLogout>> take = () -> {
                List<BackChannelLogout> all = new ArrayList<>();
                List<BackChannelLogout> some = table.take(now, now.plusSeconds(30), List.of(), 5);
                while (!some.isEmpty()) {
                    all.addAll(some);
                    some = table.take(now, now.plusSeconds(30), List.of(), 5);
                }
                return all;
            };
            for (Future<List<BackChannelLogout>> each :
                    threads.invokeAll(List.of(take, take, take, take, take, take, take, take))) {
                each.get().forEach(logout -> taken.add(logout.id()));
            }
        }
        assertThat(taken).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void oldOnesAreForgottenWhenTheyAreOver() {
        owe("s1", "web", "spa");
        BackChannelLogout first = take(now).getFirst();
        table.tried(first, State.DELIVERED, now, "delivered");
        assertThat(table.forgetBefore(now.plus(Duration.ofDays(7)))).isEqualTo(1);
        assertThat(table.find(null, null, null, Long.MAX_VALUE, 100))
                .extracting(BackChannelLogout::state)
                .containsExactly(State.WAITING);
    }

    @Test
    void oneThatWasGivenUpMayBeTriedOnceMoreAndOneThatWasDeliveredMayNot() {
        owe("s1", "web");
        BackChannelLogout logout = take(now).getFirst();
        table.tried(logout, State.ABANDONED, now, "HTTP 500");
        assertThat(take(now.plusSeconds(60))).isEmpty();
        assertThat(table.retry(logout.id(), now)).isTrue();
        BackChannelLogout again = take(now).getFirst();
        table.tried(again, State.DELIVERED, now, "delivered");
        assertThat(table.retry(logout.id(), now)).isFalse();
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        BackChannelProperties properties = new BackChannelProperties(
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofHours(24),
                Duration.ofSeconds(1),
                Duration.ofDays(7),
                null);
        assertThat(properties.pause(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(properties.pause(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(properties.pause(9)).isEqualTo(Duration.ofSeconds(256));
        assertThat(properties.pause(10)).isEqualTo(Duration.ofMinutes(5));
        assertThat(properties.pause(1_000_000)).isEqualTo(Duration.ofMinutes(5));
    }
}
