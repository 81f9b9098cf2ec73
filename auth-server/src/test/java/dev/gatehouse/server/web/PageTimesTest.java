package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PageTimesTest {
    private static final Instant TIME = Instant.parse("2026-07-01T22:30:59Z");

    @Test
    void aTimeSaysItsZone() {
        PageTimes times = new PageTimes(new PagesProperties(null, ZoneId.of("UTC")));

        assertThat(times.format(TIME, Locale.ENGLISH)).contains("Jul 1, 2026", "10:30", "UTC");
        assertThat(times.format(TIME, Locale.GERMAN)).isEqualTo("01.07.2026, 22:30 UTC");
    }

    @Test
    void theHouseChoosesTheZone() {
        PageTimes times = new PageTimes(new PagesProperties(null, ZoneId.of("Europe/Berlin")));

        assertThat(times.format(TIME, Locale.GERMAN)).isEqualTo("02.07.2026, 00:30 MESZ");
    }
}
