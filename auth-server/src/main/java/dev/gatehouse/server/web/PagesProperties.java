package dev.gatehouse.server.web;

import java.nio.file.Path;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the pages and letters look.
 *
 * @param theme a directory with any of {@code theme.css}, {@code logo.svg}, {@code logo.png}, {@code favicon.svg} and
 *     {@code messages*.properties}; absent for our own looks
 * @param timeZone the zone that times are shown in, for example {@code Europe/Berlin}
 */
@ConfigurationProperties("gatehouse.pages")
record PagesProperties(
        @Nullable Path theme, @DefaultValue("UTC") ZoneId timeZone) {}
