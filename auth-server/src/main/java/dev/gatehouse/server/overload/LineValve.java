package dev.gatehouse.server.overload;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * What a request meets first. It lets those that wait for a processor go first: a quick client's next request is there when its last one is
 * answered; the web server then stays on the connection's virtual thread, which nothing takes off its processor, and two such clients
 * kept all others waiting for seconds. And it turns a machine's request away that has waited too long itself, before any filter
 * does anything for it, since in an overload that is what most of the work would be.
 */
final class LineValve extends ValveBase {
    private final long longestWait;

    private final Refusals refusals;

    LineValve(Duration longestWait, Refusals refusals) {
        super(true);
        this.longestWait = longestWait.toNanos();
        this.refusals = refusals;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.isAsyncDispatching() || !isTurnedAway(request, response)) {
            getNext().invoke(request, response);
        }
    }

    private boolean isTurnedAway(Request request, Response response) throws IOException {
        WaitingLine.waitForTurn();
        if (response.isError()) {
            return false; // Tomcat has refused it already, and there may be no path.
        }
        Share share = Share.of(path(request));
        if (share == null || !share.isMachines() || !share.isTooLate(WaitingLine.tooLong(), longestWait)) {
            return false;
        }
        refusals.refuse(share, "waited", response);
        return true;
    }

    private static String path(Request request) {
        Context context = request.getContext();
        String path = request.getDecodedRequestURI();
        return context == null ? path : path.substring(context.getPath().length());
    }
}
