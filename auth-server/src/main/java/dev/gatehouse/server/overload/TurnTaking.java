package dev.gatehouse.server.overload;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets the requests that wait for a processor go first. A quick client's next request is there when its last one is answered;
 * the web server then stays on the connection's virtual thread, which nothing takes off its processor, and two such clients
 * kept all others waiting for seconds.
 */
final class TurnTaking extends HttpFilter {
    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        WaitingLine.waitForTurn();
        chain.doFilter(request, response);
    }
}
