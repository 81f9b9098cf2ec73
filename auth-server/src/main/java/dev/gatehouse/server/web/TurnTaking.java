package dev.gatehouse.server.web;

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
    @SuppressWarnings(
            "ThreadPriorityCheck") // among virtual threads this is no hint: the thread goes to the end of the line
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Thread.yield();
        chain.doFilter(request, response);
    }
}
