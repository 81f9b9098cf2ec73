package dev.gatehouse.server.web;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Times as pages show them, with their zone: the server cannot know the reader's. */
@Component("times")
public final class PageTimes {
    private final ZoneId zone;

    PageTimes(PagesProperties properties) {
        this.zone = properties.timeZone();
    }

    /** In words of this language, to the minute. */
    public String format(Instant time, Locale language) {
        DateTimeFormatter formatter = new DateTimeFormatterBuilder()
                .append(DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT))
                .appendPattern(" z")
                .toFormatter(language);
        return formatter.withZone(zone).format(time);
    }
}
