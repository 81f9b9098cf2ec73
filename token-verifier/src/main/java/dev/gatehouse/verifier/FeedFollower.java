package dev.gatehouse.verifier;

import dev.gatehouse.verifier.RevocationReplica.Next;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copy of the rules and the issuer's keys up to date on a thread of its own: takes a snapshot when one is needed, follows the feed
 * from there, and begins again, after growing delays, when the connection ends, falls silent, or says what it should not.
 */
final class FeedFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FeedFollower.class);
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final Duration SNAPSHOT_DEADLINE = Duration.ofSeconds(20);
    private static final int SNAPSHOT_LIMIT = 128 * 1024 * 1024;

    private final RevocationReplica replica;
    private final SigningKeys keys;
    private final Acknowledgements acknowledgements;
    private final String instance;
    private final IssuerEndpoints endpoints;
    private final IssuerClient client;
    private final Stopwatch stopwatch;
    private final Backoff backoff;
    private final Backoff backoffWhenRefused;
    private final Thread thread = new Thread(this::run, "gatehouse-revocations");
    private boolean snapshotNeeded = true;
    private boolean troubled;
    /** How often in a row the issuer has refused this service's credentials. */
    private int refusals;

    FeedFollower(
            RevocationReplica replica,
            SigningKeys keys,
            Acknowledgements acknowledgements,
            String instance,
            IssuerEndpoints endpoints,
            IssuerClient client,
            Stopwatch stopwatch,
            RandomGenerator random) {
        this.replica = replica;
        this.keys = keys;
        this.acknowledgements = acknowledgements;
        this.instance = instance;
        this.endpoints = endpoints;
        this.client = client;
        this.stopwatch = stopwatch;
        this.backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), random);
        this.backoffWhenRefused = new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(60), random);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                attempt();
                Thread.sleep(pause().toMillis());
            }
        } catch (InterruptedException closed) {
            log.debug("The revocation feed is no longer followed");
        }
    }

    /** A first refusal may come from a token that has just expired; a second one will not go away by asking often. */
    private Duration pause() {
        return refusals > 1 ? backoffWhenRefused.next() : backoff.next();
    }

    private void attempt() throws InterruptedException {
        try {
            if (snapshotNeeded) {
                replica.load(client.getAuthorized(endpoints.snapshot(), SNAPSHOT_DEADLINE, SNAPSHOT_LIMIT)
                        .members());
                snapshotNeeded = false;
            }
            snapshotNeeded = follow() == Next.TAKE_SNAPSHOT;
        } catch (InterruptedException closed) {
            throw closed;
        } catch (Throwable failure) { // whatever it was, the feed is followed on
            failed(failure);
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof CredentialsRefusedException) {
            refusals++;
        } else if (!(failure instanceof IOException)) {
            snapshotNeeded = true;
        }
        try {
            complain(failure);
        } catch (RuntimeException | Error unsayable) { // a log that is out of order must not end the thread either
            troubled = true;
        }
    }

    /** Reads until something else has to be done. */
    private Next follow() throws IOException, ParseException, InterruptedException {
        String from = replica.position().toString();
        replica.connecting();
        keys.feedConnecting();
        try (FeedStream stream = client.open(endpoints.feed(), instance, from, SILENCE)) {
            refusals = 0;
            backoffWhenRefused.reset();
            log.debug("Following the revocation feed from {}", from);
            FeedParser parser = new FeedParser();
            while (true) {
                Stopwatch.Mark waiting = stopwatch.mark();
                ByteBuffer bytes = stream.read(SILENCE);
                if (stopwatch.since(waiting).compareTo(SILENCE) > 0) {
                    throw new IOException("this process stood still, and what has piled up may be old");
                }
                Position before = replica.position();
                for (FeedEvent event : parser.parse(bytes)) {
                    Next next = apply(event);
                    if (next != Next.READ_ON) {
                        return next;
                    }
                    if (event.type().equals("heartbeat")) {
                        backoff.reset();
                    }
                }
                acknowledge(before);
                recovered();
            }
        }
    }

    private Next apply(FeedEvent event) throws ParseException {
        if (event.type().equals("keys")) {
            keys.take(event.data());
            return Next.READ_ON;
        }
        return replica.apply(event);
    }

    private void acknowledge(Position before) {
        Position now = replica.position();
        if (!now.equals(before)) {
            acknowledgements.applied(new Position(before.epoch(), before.seq() + 1), now);
        }
    }

    private void recovered() {
        if (troubled && replica.isFresh()) {
            troubled = false;
            log.info("The revocation feed is followed again, at {}", replica.position());
        }
    }

    /** One line for each trouble, not for each attempt. */
    private void complain(Throwable failure) {
        if (failure instanceof CredentialsRefusedException && refusals == 2) {
            troubled = true;
            log.error("The revocation feed cannot be followed: {}", failure.getMessage());
        } else if (troubled) {
            log.debug("The revocation feed cannot be followed: {}", failure.toString());
        } else {
            troubled = true;
            log.warn("The revocation feed cannot be followed, trying again: {}", failure.toString());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
