package dev.gatehouse.server.web;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Tells whoever needed PostgreSQL or Redis while it was away to come back: 503 with {@code Retry-After}, and not that we failed. */
final class StoreOutages extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(StoreOutages.class);

    private static final String UNTIL_BACK_SECONDS = "2";

    private static final long BETWEEN_LINES = Duration.ofSeconds(5).toMillis();

    private final InstantSource clock;

    private final AtomicLong nextLine = new AtomicLong();

    StoreOutages(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException e) {
            Throwable outage = outage(e);
            if (outage == null || response.isCommitted()) {
                throw e;
            }
            say(outage);
            response.setHeader(HttpHeaders.RETRY_AFTER, UNTIL_BACK_SECONDS);
            response.sendError(HttpStatus.SERVICE_UNAVAILABLE.value());
        }
    }

    private static @Nullable Throwable outage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean noAnswer = cause instanceof RedisException && !(cause instanceof RedisCommandExecutionException);
            if (noAnswer
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof TransientDataAccessException
                    || cause instanceof CannotCreateTransactionException) {
                return cause;
            }
        }
        return null;
    }

    /** Not for each request: there may be thousands a second. */
    private void say(Throwable outage) {
        long now = clock.millis();
        long next = nextLine.get();
        if (now >= next && nextLine.compareAndSet(next, now + BETWEEN_LINES)) {
            log.warn(
                    "PostgreSQL or Redis does not answer; requests that need it are told to come back: {}",
                    outage.toString());
        }
    }
}
