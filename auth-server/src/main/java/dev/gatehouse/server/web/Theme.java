package dev.gatehouse.server.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** What a house puts over our own looks: a style sheet, a logo, texts and further languages, read once at the start. */
public final class Theme {
    static final String STYLE_SHEET = "theme.css";

    private static final List<String> LOGOS = List.of("logo.svg", "logo.png");

    private static final Map<String, MediaType> FILES = Map.of(
            STYLE_SHEET,
            MediaType.valueOf("text/css;charset=UTF-8"),
            "logo.svg",
            MediaType.valueOf("image/svg+xml"),
            "logo.png",
            MediaType.IMAGE_PNG,
            "favicon.svg",
            MediaType.valueOf("image/svg+xml"));

    private static final long LARGEST = 1024 * 1024;

    private static final Pattern MESSAGES = Pattern.compile("messages_([a-z]{2,3})\\.properties");

    private final @Nullable Path directory;

    private final Map<String, byte[]> files = new HashMap<>();

    private final List<Locale> languages = new ArrayList<>(List.of(Locale.ENGLISH, Locale.GERMAN));

    Theme(PagesProperties properties) {
        this.directory = properties.theme();
        if (directory != null) {
            read(directory);
        }
    }

    private void read(Path from) {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (FILES.containsKey(name)) {
                    files.put(name, content(entry));
                }
                Matcher messages = MESSAGES.matcher(name);
                if (messages.matches() && !languages.contains(Locale.of(messages.group(1)))) {
                    languages.add(Locale.of(messages.group(1)));
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("gatehouse.pages.theme cannot be read: " + from, e);
        }
    }

    private static byte[] content(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException("gatehouse.pages.theme: " + file + " is larger than 1 MB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The languages that the pages speak, the first for whoever wants none of them. */
    List<Locale> languages() {
        return List.copyOf(languages);
    }

    /** Where texts are looked up, the first that has one wins. */
    String[] messages() {
        return directory == null
                ? new String[] {"classpath:messages"}
                : new String[] {directory.toUri() + "messages", "classpath:messages"};
    }

    /** The path of the house's style sheet, which comes after ours. */
    public @Nullable String styleSheet() {
        return path(STYLE_SHEET);
    }

    /** The path of the picture that stands in place of our wordmark. */
    public @Nullable String logo() {
        return LOGOS.stream()
                .filter(files::containsKey)
                .findFirst()
                .map(this::path)
                .orElse(null);
    }

    public @Nullable String favicon() {
        return path("favicon.svg");
    }

    private @Nullable String path(String name) {
        return files.containsKey(name) ? "/theme/" + name : null;
    }

    byte @Nullable [] file(String name) {
        return files.get(name);
    }

    static MediaType type(String name) {
        return FILES.getOrDefault(name, MediaType.APPLICATION_OCTET_STREAM);
    }
}
