package dev.gatehouse.server.backchannel;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.backchannel.BackChannelLogout.State;
import dev.gatehouse.server.backchannel.LogoutRequest.Accepted;
import dev.gatehouse.server.backchannel.LogoutRequest.Forbidden;
import dev.gatehouse.server.backchannel.LogoutRequest.Outcome;
import dev.gatehouse.server.backchannel.LogoutRequest.Rejected;
import dev.gatehouse.server.backchannel.LogoutRequest.Unreachable;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.session.EndedSession;
import dev.gatehouse.server.session.SessionEndListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Notes in PostgreSQL what clients are owed when a login ends, and delivers it: at once, and again until the client has taken it or the
 * patience is over. Any server may deliver what any has noted. A client whose server hangs keeps nobody else waiting.
 */
final class LogoutCourier implements BackChannelLogouts, SessionEndListener, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LogoutCourier.class);

    private static final int MOST_AT_ONCE = 32;

    private static final Duration AFTER_A_CRASH = Duration.ofSeconds(30);

    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

    private final LogoutTable table;

    private final Clients clients;

    private final LogoutTokens tokens;

    private final LogoutRequest request;

    private final BackChannelProperties properties;

    private final InstantSource clock;

    private final AuditLog auditLog;

    private final MeterRegistry metrics;

    /** How many deliveries to a client are under way here. */
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

    private final Semaphore bell = new Semaphore(0);

    private volatile @Nullable Thread worker;

    private Instant swept = Instant.MIN;

    LogoutCourier(
            LogoutTable table,
            Clients clients,
            LogoutTokens tokens,
            LogoutRequest request,
            BackChannelProperties properties,
            InstantSource clock,
            AuditLog auditLog,
            MeterRegistry metrics) {
        this.table = table;
        this.clients = clients;
        this.tokens = tokens;
        this.request = request;
        this.properties = properties;
        this.clock = clock;
        this.auditLog = auditLog;
        this.metrics = metrics;
    }

    @Override
    public void ended(EndedSession session) {
        List<String> owed = session.clients().stream()
                .filter(id -> clients.find(id).map(Client::backchannelLogoutUri).isPresent())
                .sorted()
                .toList();
        if (!owed.isEmpty()) {
            table.owe(session, owed, clock.instant());
            bell.release();
        }
    }

    @Override
    public List<BackChannelLogout> find(
            @Nullable String clientId, @Nullable String sid, @Nullable State state, long before, int most) {
        return table.find(clientId, sid, state, before, most);
    }

    @Override
    public boolean retry(long id) {
        boolean waits = table.retry(id, clock.instant());
        bell.release();
        return waits;
    }

    private void work() {
        try {
            while (worker == Thread.currentThread()) {
                if (!startWhatIsDue()) {
                    bell.tryAcquire(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
                    bell.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean startWhatIsDue() {
        try {
            sweep();
            Instant now = clock.instant();
            Instant lease = now.plus(properties.timeout()).plus(AFTER_A_CRASH);
            List<BackChannelLogout> due = table.take(now, lease, underWay.keySet(), MOST_AT_ONCE);
            due.forEach(logout -> underWay.merge(logout.clientId(), 1, Integer::sum));
            due.forEach(
                    logout -> Thread.ofVirtual().name("back-channel-logout").start(() -> deliverAndSayDone(logout)));
            return !due.isEmpty();
        } catch (DataAccessException e) {
            LOG.atDebug().setCause(e).log("back-channel logouts have to wait");
            return false;
        }
    }

    private void sweep() {
        Instant now = clock.instant();
        if (now.isAfter(swept.plus(BETWEEN_SWEEPS))) {
            table.forgetBefore(now.minus(properties.kept()));
            swept = now;
        }
    }

    private void deliverAndSayDone(BackChannelLogout logout) {
        try {
            deliver(logout);
        } catch (DataAccessException e) {
            LOG.atDebug().setCause(e).log("what came of a back-channel logout was not noted: it is tried again");
        } catch (RuntimeException e) {
            LOG.error("a back-channel logout failed", e);
        } finally {
            underWay.computeIfPresent(logout.clientId(), (_, count) -> count == 1 ? null : count - 1);
            bell.release();
        }
    }

    private void deliver(BackChannelLogout logout) {
        Optional<Client> client = clients.find(logout.clientId());
        String uri = client.map(Client::backchannelLogoutUri).orElse(null);
        if (client.isEmpty() || uri == null) {
            abandon(logout, "not registered any more");
            return;
        }
        Outcome outcome = request.send(URI.create(uri), tokens.issue(client.get(), logout.accountId(), logout.sid()));
        switch (outcome) {
            case Accepted _ -> delivered(logout);
            case Rejected rejected -> failed(logout, "rejected", "HTTP " + rejected.status());
            case Unreachable unreachable -> failed(logout, "unreachable", unreachable.why());
            case Forbidden _ -> failed(logout, "forbidden", "not a target that may be called");
        }
    }

    private void delivered(BackChannelLogout logout) {
        table.tried(logout, State.DELIVERED, clock.instant(), "delivered");
        count("delivered");
        record(logout, SecurityEvent.SUCCESS, null);
    }

    private void failed(BackChannelLogout logout, String outcome, String answer) {
        count(outcome);
        Instant next = clock.instant().plus(properties.pause(logout.tries()));
        if (next.isAfter(logout.owedAt().plus(properties.patience()))) {
            abandon(logout, answer);
        } else {
            table.tried(logout, State.WAITING, next, answer);
            LOG.info(
                    "client {} was not told of a log-out ({}), try {}; it is tried again",
                    logout.clientId(),
                    answer,
                    logout.tries());
        }
    }

    private void abandon(BackChannelLogout logout, String answer) {
        table.tried(logout, State.ABANDONED, clock.instant(), answer);
        count("abandoned");
        record(logout, "abandoned", answer);
    }

    private void count(String outcome) {
        metrics.counter("gatehouse.backchannel.deliveries", "outcome", outcome).increment();
    }

    private void record(BackChannelLogout logout, String outcome, @Nullable String reason) {
        auditLog.record(SecurityEvent.of("logout.back-channel", outcome)
                .with("sub", logout.accountId())
                .with("sid", logout.sid())
                .with("client_id", logout.clientId())
                .with("tries", Integer.toString(logout.tries()))
                .with("reason", reason));
    }

    @Override
    public void start() {
        // Known before it runs: a thread that does not find itself here ends at once.
        Thread thread =
                Thread.ofPlatform().name("back-channel-logouts").daemon().unstarted(this::work);
        worker = thread;
        thread.start();
    }

    /** What is under way is tried again by whoever is there when its lease is over. */
    @Override
    public void stop() {
        Thread thread = worker;
        worker = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }
}
