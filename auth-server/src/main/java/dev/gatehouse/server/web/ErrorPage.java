package dev.gatehouse.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends a browser to the error page with words of our own on it. */
public final class ErrorPage {
    static final String MESSAGE = ErrorPage.class.getName() + ".message";

    private ErrorPage() {}

    /**
     * Answers with the status and the page.
     *
     * @param message a key in {@code messages.properties} that explains to a person what went wrong and what to do
     */
    public static void send(HttpServletRequest request, HttpServletResponse response, int status, String message)
            throws IOException {
        request.setAttribute(MESSAGE, message);
        response.sendError(status);
    }
}
