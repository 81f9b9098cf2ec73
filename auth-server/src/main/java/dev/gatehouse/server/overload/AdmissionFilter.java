package dev.gatehouse.server.overload;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/**
 * Lets a request in, or answers 503 at once with the time after which to try again: when all places of its share are taken, or when it is for a
 * page and has waited too long for a processor. A place is held neither while the request's body is read, which is done by a filter
 * before, nor while the answer is written: it must not be worth anything to send or to read slowly.
 */
final class AdmissionFilter extends HttpFilter {
    private final transient Places places;

    private final transient Refusals refusals;

    private final long longestWait;

    AdmissionFilter(Places places, Duration longestWait, Refusals refusals) {
        this.places = places;
        this.longestWait = longestWait.toNanos();
        this.refusals = refusals;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Share share = Share.of(request.getServletPath());
        if (share == null) {
            chain.doFilter(request, response);
        } else if (share.isTooLate(WaitingLine.tooLong(), longestWait)) {
            refusals.refuse(share, "waited", response);
        } else if (!places.enter(share)) {
            refusals.refuse(share, "places", response);
        } else {
            PlacedResponse placed = new PlacedResponse(response, places, share);
            try {
                chain.doFilter(request, placed);
            } finally {
                placed.leave();
            }
        }
    }
}
