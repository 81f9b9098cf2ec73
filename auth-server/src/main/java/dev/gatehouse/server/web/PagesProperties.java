package dev.gatehouse.server.web;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the pages and letters look.
 *
 * @param theme a directory with any of {@code theme.css}, {@code logo.svg}, {@code logo.png}, {@code favicon.svg} and
 *     {@code messages*.properties}; absent for our own looks
 */
@ConfigurationProperties("gatehouse.pages")
record PagesProperties(@Nullable Path theme) {}
