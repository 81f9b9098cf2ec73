package dev.gatehouse.server.web;

import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Gives every page the theme. */
@ControllerAdvice
final class PageTheme {
    private final Theme theme;

    PageTheme(Theme theme) {
        this.theme = theme;
    }

    @ModelAttribute("theme")
    Theme theme() {
        return theme;
    }
}
