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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns logins away before anything else is done for them, while many are turned away anyway: what this server remembers of an
 * empty bucket, or no room for another password check, is enough. Those who go on count as if they were checked already: in a flood
 * hundreds would see the same free place. Whoever logs in on a device of theirs goes on.
 */
final class LoginFloodGate extends OncePerRequestFilter {
    private final LoginLimits limits;

    private final RateLimiter rateLimiter;

    private final Accounts accounts;

    private final KnownDevices knownDevices;

    private final RefusalPages refusals;

    private final LoginEvents events;

    private final ClientAddress clientAddress;

    private final AtomicInteger goingOn = new AtomicInteger();

    LoginFloodGate(
            LoginLimits limits,
            RateLimiter rateLimiter,
            Accounts accounts,
            KnownDevices knownDevices,
            RefusalPages refusals,
            LoginEvents events,
            ClientAddress clientAddress) {
        this.limits = limits;
        this.rateLimiter = rateLimiter;
        this.accounts = accounts;
        this.knownDevices = knownDevices;
        this.refusals = refusals;
        this.events = events;
        this.clientAddress = clientAddress;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String username = events.isFlood() ? username(request) : null;
        if (username == null || knownDevices.find(request, username).isPresent()) {
            chain.doFilter(request, response);
            return;
        }
        int others = goingOn.getAndIncrement();
        try {
            if (!isTurnedAway(request, response, username, others)) {
                chain.doFilter(request, response);
            }
        } finally {
            goingOn.decrementAndGet();
        }
    }

    /** The name of a login that could be checked. */
    private static @Nullable String username(HttpServletRequest request) {
        if (!request.getMethod().equals(HttpMethod.POST.name())
                || !request.getRequestURI().equals("/login")) {
            return null;
        }
        String username = request.getParameter("username");
        return username == null || username.isBlank() || username.length() > LoginForm.MAX_USERNAME ? null : username;
    }

    private boolean isTurnedAway(HttpServletRequest request, HttpServletResponse response, String username, int others)
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
        if (accounts.hasRoom(Turn.IN_ORDER, others) || !refusals.answer(request, response, Refusal.BUSY)) {
            return false;
        }
        events.busy(address);
        return true;
    }
}
