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
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns logins away before anything else is done for them, while many are turned away anyway: what this server remembers of an
 * empty bucket, or no room for another password check, is enough. Everything that needs a second look goes on to the login page,
 * and so does whoever brings a device cookie.
 */
final class LoginFloodGate extends OncePerRequestFilter {
    private final LoginLimits limits;

    private final RateLimiter rateLimiter;

    private final Accounts accounts;

    private final KnownDevices knownDevices;

    private final RefusalPages refusals;

    private final LoginEvents events;

    private final ClientAddress clientAddress;

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
        boolean isOurs = events.isFlood()
                && request.getMethod().equals(HttpMethod.POST.name())
                && request.getRequestURI().equals("/login")
                && !knownDevices.isMarked(request);
        if (!isOurs || !isTurnedAway(request, response)) {
            chain.doFilter(request, response);
        }
    }

    private boolean isTurnedAway(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String username = request.getParameter("username");
        if (username == null || username.isBlank() || username.length() > LoginForm.MAX_USERNAME) {
            return false;
        }
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
        if (accounts.hasRoom(Turn.IN_ORDER) || !refusals.answer(request, response, Refusal.BUSY)) {
            return false;
        }
        events.busy(address);
        return true;
    }
}
