package dev.gatehouse.server.login;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.ModelAndView;

/** A page that only says something: what has happened, and where to go from here. */
final class Passage {
    private Passage() {}

    /**
     * @param message a key: {@code <message>.title}, {@code <message>.lead}, and with a path {@code <message>.action}
     * @param path where its button leads
     */
    static ModelAndView of(HttpStatus status, String message, @Nullable String path) {
        ModelAndView view = new ModelAndView("passage", status);
        view.addObject("message", message);
        view.addObject("path", path);
        return view;
    }
}
