package dev.gatehouse.server.revocation;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;

/** Waits until every connected verifier has applied a position, or the time is over, and says how far it has got. */
final class ReceiptServlet extends HttpServlet {
    private static final long DEFAULT_MILLIS = 1_000;

    private static final long LONGEST_MILLIS = 30_000;

    private static final long FIRST_PAUSE_MILLIS = 2;

    private static final long LONGEST_PAUSE_MILLIS = 50;

    private static final int MOST_WAITING = 100;

    private final transient Acknowledgements acknowledgements;

    private final transient LogWriter log;

    private final transient RevocationReplica replica;

    private final transient Semaphore places = new Semaphore(MOST_WAITING);

    ReceiptServlet(Acknowledgements acknowledgements, LogWriter log, RevocationReplica replica) {
        this.acknowledgements = acknowledgements;
        this.log = log;
        this.replica = replica;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Answers.acceptedPost(request, response)) {
            return;
        }
        Optional<LogPosition> position = Answers.parameter(request, "position").flatMap(LogPosition::parse);
        Optional<Long> millis = request.getParameter("timeout_ms") == null
                ? Optional.of(DEFAULT_MILLIS)
                : Answers.number(request, "timeout_ms", LONGEST_MILLIS);
        if (position.isEmpty() || millis.isEmpty()) {
            Answers.refuse(response, HttpStatus.BAD_REQUEST);
        } else if (!places.tryAcquire()) {
            Answers.tryLater(response);
        } else {
            try {
                answer(response, position.get(), millis.get());
            } catch (DataAccessException e) {
                Answers.tryLater(response);
            } finally {
                places.release();
            }
        }
    }

    private void answer(HttpServletResponse response, LogPosition position, long millis) throws IOException {
        if (log.head(replica.seen()).isBefore(position)) {
            Answers.refuse(response, HttpStatus.NOT_FOUND);
            return;
        }
        Receipt receipt = await(position, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.getOutputStream().write(Messages.receipt(position, receipt));
    }

    private Receipt await(LogPosition position, long until) {
        long pause = FIRST_PAUSE_MILLIS;
        Receipt receipt = acknowledgements.receipt(position);
        while (!receipt.isComplete()
                && System.nanoTime() < until
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(pause), until - System.nanoTime()));
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            receipt = acknowledgements.receipt(position);
        }
        return receipt;
    }
}
