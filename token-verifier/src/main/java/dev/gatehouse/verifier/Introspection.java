package dev.gatehouse.verifier;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's own word on one token, RFC 7662. An issuer that has just failed to answer is left alone for a second, in
 * which tokens are refused at once; then one token tries again, while the others go on being refused.
 */
final class Introspection {

    private static final Logger log = LoggerFactory.getLogger(Introspection.class);
    private static final int LIMIT = 256 * 1024;
    private static final int MOST_AT_ONCE = 64;
    private static final long LEFT_ALONE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final VerifierSettings settings;
    private final IssuerEndpoints endpoints;
    private final IssuerClient client;
    private final LongSupplier nanoTime;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicLong leftAloneSince = new AtomicLong();

    Introspection(VerifierSettings settings, IssuerEndpoints endpoints, IssuerClient client, LongSupplier nanoTime) {
        this.settings = settings;
        this.endpoints = endpoints;
        this.client = client;
        this.nanoTime = nanoTime;
    }

    void confirm(String token) throws RefusedException {
        if (!isActive(token)) {
            throw new RefusedException(Refusal.REVOKED);
        }
    }

    private boolean isActive(String token) throws RefusedException {
        if (!mayAsk() || !places.tryAcquire()) {
            throw new RefusedException(Refusal.INTROSPECTION_FAILED);
        }
        try {
            boolean active = ask(token);
            failed.set(false);
            return active;
        } catch (IOException failure) {
            leftAloneSince.set(nanoTime.getAsLong());
            failed.set(true);
            log.debug("The issuer did not answer about a token: {}", failure.toString());
            throw new RefusedException(Refusal.INTROSPECTION_FAILED);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Refusal.INTROSPECTION_FAILED);
        } finally {
            places.release();
        }
    }

    /** Whether the last answer was good, or this is the one token that tries again. */
    private boolean mayAsk() {
        if (!failed.get()) {
            return true;
        }
        long since = leftAloneSince.get();
        long now = nanoTime.getAsLong();
        return now - since >= LEFT_ALONE_NANOS && leftAloneSince.compareAndSet(since, now);
    }

    private boolean ask(String token) throws IOException, InterruptedException {
        Duration patience = settings.introspectionTimeout();
        long begun = nanoTime.getAsLong();
        URI where = endpoints.introspection(patience);
        Duration left = patience.minusNanos(nanoTime.getAsLong() - begun);
        if (left.isNegative() || left.isZero()) {
            throw new IOException("no time is left to ask " + where);
        }
        return Boolean.TRUE.equals(
                client.postToken(where, token, left, LIMIT).members().get("active"));
    }
}
