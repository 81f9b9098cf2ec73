package dev.gatehouse.server.backchannel;

import dev.gatehouse.server.backchannel.BackChannelLogout.State;
import dev.gatehouse.server.session.EndedSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code backchannel_logouts}. */
final class LogoutTable {
    private static final String OWE = """
            insert into backchannel_logouts (sid, client_id, sub, state, owed_at, due_at)
            select :sid, client, :sub, 'waiting', :now, :now from unnest(:clients) as client
            on conflict (sid, client_id) do nothing
            """;

    /** Whoever takes one has it alone until the lease is over, and then it is anybody's again. */
    private static final String TAKE = """
            update backchannel_logouts set tries = tries + 1, tried_at = :now, due_at = :lease
            where id in (
                select id from backchannel_logouts
                where state = 'waiting' and due_at <= :now and client_id <> all (:busy)
                order by due_at limit :most for update skip locked)
            returning *
            """;

    /** A server whose lease is over says nothing any more. */
    private static final String TRIED = """
            update backchannel_logouts set state = :state, due_at = :due, answer = :answer
            where id = :id and tries = :tries and state = 'waiting'
            """;

    private static final String FIND = """
            select * from backchannel_logouts
            where id < :before
                and (cast(:client as text) is null or client_id = :client)
                and (cast(:sid as text) is null or sid = :sid)
                and (cast(:state as text) is null or state = :state)
            order by id desc limit :most
            """;

    private static final String RETRY =
            "update backchannel_logouts set state = 'waiting', due_at = :now where id = :id and state <> 'delivered'";

    private static final String FORGET = """
            delete from backchannel_logouts where id in (
                select id from backchannel_logouts where owed_at < :before and state <> 'waiting'
                limit 5000 for update skip locked)
            """;

    private final JdbcClient jdbc;

    LogoutTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** May be repeated: a client is owed one for each session. */
    void owe(EndedSession session, Collection<String> clientIds, Instant now) {
        jdbc.sql(OWE)
                .param("sid", session.sid())
                .param("sub", session.accountId())
                .param("clients", clientIds.toArray(String[]::new))
                .param("now", Timestamp.from(now))
                .update();
    }

    List<BackChannelLogout> take(Instant now, Instant lease, Collection<String> busyClients, int most) {
        return jdbc.sql(TAKE)
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(lease))
                .param("busy", busyClients.toArray(String[]::new))
                .param("most", most)
                .query(LogoutTable::logout)
                .list();
    }

    /** What came of a try. */
    void tried(BackChannelLogout logout, State state, Instant due, String answer) {
        jdbc.sql(TRIED)
                .param("id", logout.id())
                .param("tries", logout.tries())
                .param("state", state.value())
                .param("due", Timestamp.from(due))
                .param("answer", answer)
                .update();
    }

    List<BackChannelLogout> find(
            @Nullable String clientId, @Nullable String sid, @Nullable State state, long before, int most) {
        return jdbc.sql(FIND)
                .param("client", clientId)
                .param("sid", sid)
                .param("state", state == null ? null : state.value())
                .param("before", before)
                .param("most", most)
                .query(LogoutTable::logout)
                .list();
    }

    boolean retry(long id, Instant now) {
        return jdbc.sql(RETRY).param("id", id).param("now", Timestamp.from(now)).update() == 1;
    }

    /** How many were forgotten. */
    int forgetBefore(Instant time) {
        return jdbc.sql(FORGET).param("before", Timestamp.from(time)).update();
    }

    private static BackChannelLogout logout(ResultSet row, int number) throws SQLException {
        Timestamp tried = row.getTimestamp("tried_at");
        return new BackChannelLogout(
                row.getLong("id"),
                row.getString("sid"),
                row.getString("client_id"),
                row.getString("sub"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getTimestamp("owed_at").toInstant(),
                row.getTimestamp("due_at").toInstant(),
                tried == null ? null : tried.toInstant(),
                row.getInt("tries"),
                row.getString("answer"));
    }
}
