package dev.gatehouse.server.revocation;

import dev.gatehouse.server.oauth.Issuer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;

/** Every rule in force at a position: where a verifier starts. */
final class SnapshotServlet extends HttpServlet {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final transient RevocationReplica replica;

    private final transient LogWriter log;

    private final transient Issuer issuer;

    SnapshotServlet(RevocationReplica replica, LogWriter log, Issuer issuer) {
        this.replica = replica;
        this.log = log;
        this.issuer = issuer;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Answers.accepted(request, response, MediaType.APPLICATION_JSON)) {
            return;
        }
        if (!isUpToDate()) {
            Answers.tryLater(response);
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        // The position first: a rule that is added while they are written is in the feed after it as well.
        LogPosition position = replica.position();
        Messages.snapshot(
                response.getOutputStream(), issuer, position, replica.rules().all());
    }

    /** Another issuer may be ahead of us: a verifier must never be handed less than it already has. */
    private boolean isUpToDate() {
        try {
            return replica.journal().awaitPosition(log.head(replica.seen()), PATIENCE);
        } catch (DataAccessException e) {
            return false;
        }
    }
}
