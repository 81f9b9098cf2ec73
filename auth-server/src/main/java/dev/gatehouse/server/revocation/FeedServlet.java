package dev.gatehouse.server.revocation;

import dev.gatehouse.server.token.AccessTokenClaims;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** The feed: server-sent events from a position on. */
final class FeedServlet extends HttpServlet {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final transient RevocationReplica replica;

    private final transient KeysEvent keys;

    private final transient LogWriter log;

    private final transient Subscribers subscribers;

    private final transient Acknowledgements acknowledgements;

    private final transient InstantSource clock;

    private final transient Duration longestConnection;

    FeedServlet(
            RevocationReplica replica,
            KeysEvent keys,
            LogWriter log,
            Subscribers subscribers,
            Acknowledgements acknowledgements,
            InstantSource clock,
            Duration longestConnection) {
        this.replica = replica;
        this.keys = keys;
        this.log = log;
        this.subscribers = subscribers;
        this.acknowledgements = acknowledgements;
        this.clock = clock;
        this.longestConnection = longestConnection;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long opened = System.nanoTime();
        if (!Answers.accepted(request, response, MediaType.TEXT_EVENT_STREAM)) {
            return;
        }
        List<String> asked = positionsAsked(request);
        Optional<LogPosition> after = asked.isEmpty()
                ? Optional.of(replica.position())
                : LogPosition.parse(asked.getFirst()).filter(_ -> asked.size() == 1);
        if (after.isEmpty()) {
            Answers.refuse(response, HttpStatus.BAD_REQUEST);
            return;
        }
        ResourceServer who = ResourceServerFilter.who(request);
        List<String> names = Collections.list(request.getHeaders(Verifier.HEADER));
        Optional<Verifier> verifier = names.stream()
                .findFirst()
                .flatMap(name -> Verifier.of(who.client().id(), name));
        if (names.size() > 1 || verifier.isEmpty() != names.isEmpty()) {
            Answers.refuse(response, HttpStatus.BAD_REQUEST);
            return;
        }
        if (!catchUp(after.get()) || !subscribers.enter(who.client().id())) {
            Answers.tryLater(response);
            return;
        }
        try {
            verifier.ifPresent(connected -> acknowledgements.connected(connected, after.get()));
            stream(response, after.get(), opened, who);
        } finally {
            verifier.ifPresent(acknowledgements::disconnected);
            subscribers.leave(who.client().id());
        }
    }

    /** The header, or else the parameter. */
    private static List<String> positionsAsked(HttpServletRequest request) {
        List<String> header = Collections.list(request.getHeaders("Last-Event-ID"));
        if (!header.isEmpty()) {
            return header;
        }
        String[] parameter = request.getParameterValues("after");
        return parameter == null ? List.of() : new ArrayList<>(Arrays.asList(parameter));
    }

    /**
     * When the position is ahead of us, another issuer may only have been quicker than we to read the log: waits for it, unless
     * the log itself says that there is no such position, which is the subscriber's to learn by a reset.
     */
    private boolean catchUp(LogPosition asked) {
        if (!replica.position().isBefore(asked)) {
            return true;
        }
        try {
            LogPosition head = log.head(replica.seen());
            return head.isBefore(asked) || replica.journal().awaitPosition(asked, PATIENCE);
        } catch (DataAccessException e) {
            return false;
        }
    }

    private void stream(HttpServletResponse response, LogPosition after, long opened, ResourceServer who)
            throws IOException {
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
        Instant until = clock.instant().plus(longestConnection);
        new FeedStream(replica, keys, response.getOutputStream(), after, opened, () -> mayStay(who, until)).serve();
    }

    /** Whoever came with a token stays no longer than the token is good. */
    private boolean mayStay(ResourceServer who, Instant until) {
        Instant now = clock.instant();
        AccessTokenClaims token = who.token();
        return subscribers.isOpen()
                && now.isBefore(until)
                && (token == null || (now.isBefore(token.expiresAt()) && !replica.refuses(token)));
    }
}
