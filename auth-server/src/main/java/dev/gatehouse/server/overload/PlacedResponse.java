package dev.gatehouse.server.overload;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/** The response to a request that has a place, which it gives back when the answer begins: whoever reads slowly must not hold one. */
final class PlacedResponse extends HttpServletResponseWrapper {
    private final Places places;

    private final Share share;

    private boolean left;

    PlacedResponse(HttpServletResponse response, Places places, Share share) {
        super(response);
        this.places = places;
        this.share = share;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        leave();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        leave();
        return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
        leave();
        super.flushBuffer();
    }

    /** Gives the place back, if that is not done yet. */
    void leave() {
        if (!left) {
            left = true;
            places.leave(share);
        }
    }
}
