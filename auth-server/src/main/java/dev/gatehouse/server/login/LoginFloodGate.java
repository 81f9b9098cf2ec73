package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.Turn;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns logins away before anything else is done for them, while many are turned away anyway: what this server remembers of an
 * empty bucket, or no room for another password check, is enough. Who goes on counts as if they stood in line for one or two
 * seconds: in a flood hundreds would see the same free place. Whoever logs in on a device of theirs goes on.
 */
final class LoginFloodGate extends OncePerRequestFilter {
    private final LoginLimits limits;

    private final RateLimiter rateLimiter;

    private final Accounts accounts;

    private final KnownDevices knownDevices;

    private final RefusalPages refusals;

    private final LoginEvents events;

    private final ClientAddress clientAddress;

    private final InstantSource clock;

    private final AtomicReference<GoneOn> goneOn = new AtomicReference<>(new GoneOn(0, 0, 0));

    LoginFloodGate(
            LoginLimits limits,
            RateLimiter rateLimiter,
            Accounts accounts,
            KnownDevices knownDevices,
            RefusalPages refusals,
            LoginEvents events,
            ClientAddress clientAddress,
            InstantSource clock) {
        this.limits = limits;
        this.rateLimiter = rateLimiter;
        this.accounts = accounts;
        this.knownDevices = knownDevices;
        this.refusals = refusals;
        this.events = events;
        this.clientAddress = clientAddress;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String username;
        try {
            username = events.isFlood() ? username(request) : null;
        } catch (IllegalStateException | IllegalArgumentException e) {
            // A form that cannot be read. Tomcat says so only once: to the next filter it would be one with less in it.
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        if (username == null || isKnown(request, username) || !isTurnedAway(request, response, username)) {
            chain.doFilter(request, response);
        }
    }

    /** Whether it is a device of this person's, as far as can be told while PostgreSQL is away. */
    private boolean isKnown(HttpServletRequest request, String username) {
        try {
            return knownDevices.find(request, username).isPresent();
        } catch (DataAccessException e) {
            return false;
        }
    }

    /** The name of a login that would have its password checked. */
    private static @Nullable String username(HttpServletRequest request) {
        if (!request.getMethod().equals(HttpMethod.POST.name())
                || !request.getServletPath().equals("/login")) {
            return null;
        }
        return LoginForm.of(request)
                .filter(LoginForm::isComplete)
                .map(LoginForm::username)
                .orElse(null);
    }

    private boolean isTurnedAway(HttpServletRequest request, HttpServletResponse response, String username)
            throws IOException {
        String address = clientAddress.of(request);
        Optional<Limited> limited = rateLimiter.knownEmpty(limits.of(LoginName.of(username), address, null));
        if (limited.isPresent()) {
            if (!refusals.answer(
                    request, response, Refusal.limited(limited.get().retryAfter()))) {
                return false;
            }
            events.limited(address, limited.get().limit());
            return true;
        }
        if (mayGoOn() || !refusals.answer(request, response, Refusal.BUSY)) {
            return false;
        }
        events.busy(address);
        return true;
    }

    private boolean mayGoOn() {
        long now = clock.instant().getEpochSecond();
        while (true) {
            GoneOn before = goneOn.get();
            GoneOn present = before.at(now);
            if (!accounts.hasRoom(Turn.IN_ORDER, present.count())) {
                return false;
            }
            if (goneOn.compareAndSet(before, present.oneMore())) {
                return true;
            }
        }
    }

    /** How many went on in a second and in the one before. Whoever takes long to read their answer holds up nobody. */
    private record GoneOn(long second, int now, int before) {
        int count() {
            return now + before;
        }

        GoneOn at(long later) {
            if (later == second) {
                return this;
            }
            return new GoneOn(later, 0, later == second + 1 ? now : 0);
        }

        GoneOn oneMore() {
            return new GoneOn(second, now + 1, before);
        }
    }
}
