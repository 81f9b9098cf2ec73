package dev.gatehouse.server.web;

import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Serves the theme's style sheet and pictures. */
@Controller
final class ThemeController {
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Theme theme;

    ThemeController(Theme theme) {
        this.theme = theme;
    }

    @GetMapping("/theme/{name}")
    ResponseEntity<byte[]> file(@PathVariable String name) {
        byte[] content = theme.file(name);
        return content == null
                ? ResponseEntity.notFound().build()
                : ResponseEntity.ok()
                        .contentType(Theme.type(name))
                        .cacheControl(CacheControl.maxAge(KEPT).cachePublic())
                        .body(content);
    }
}
