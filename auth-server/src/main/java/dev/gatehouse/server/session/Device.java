package dev.gatehouse.server.session;

import java.util.List;
import java.util.Map;

/**
 * What a browser says that it is, in words. Anybody can say anything: it helps a person to know their own devices, and nothing else
 * may hang on it.
 *
 * @param browser for example {@code Firefox}, or empty
 * @param system for example {@code Windows}, or empty
 */
public record Device(String browser, String system) {
    /** The first mark that is in the header names it: most browsers also say that they are others. */
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("Edg", "Edge"),
            Map.entry("OPR/", "Opera"),
            Map.entry("SamsungBrowser/", "Samsung Internet"),
            Map.entry("Firefox/", "Firefox"),
            Map.entry("FxiOS/", "Firefox"),
            Map.entry("CriOS/", "Chrome"),
            Map.entry("Chromium/", "Chromium"),
            Map.entry("Chrome/", "Chrome"),
            Map.entry("Safari/", "Safari"),
            Map.entry("curl/", "curl"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("iPhone", "iPhone"),
            Map.entry("iPad", "iPad"),
            Map.entry("Android", "Android"),
            Map.entry("CrOS", "ChromeOS"),
            Map.entry("Windows", "Windows"),
            Map.entry("Mac OS X", "macOS"),
            Map.entry("Linux", "Linux"));

    /** By the {@code User-Agent} header. */
    public static Device of(String userAgent) {
        return new Device(first(BROWSERS, userAgent), first(SYSTEMS, userAgent));
    }

    private static String first(List<Map.Entry<String, String>> marks, String userAgent) {
        return marks.stream()
                .filter(mark -> userAgent.contains(mark.getKey()))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse("");
    }

    /** As it is stored. */
    String text() {
        return browser + "|" + system;
    }

    static Device parse(String text) {
        int bar = text.indexOf('|');
        return bar < 0 ? new Device("", "") : new Device(text.substring(0, bar), text.substring(bar + 1));
    }
}
