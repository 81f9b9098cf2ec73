package dev.gatehouse.server.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser may be sent: {@code https}, {@code http} to this machine, or an app's own scheme. An app's scheme holds a
 * dot (RFC 8252 section 7.1), which keeps out every scheme that a browser would execute or open by itself.
 */
final class RedirectUris {
    private static final Pattern APP_SCHEME = Pattern.compile("[a-z][a-z0-9+-]*(\\.[a-z0-9+-]+)+");

    private static final Pattern SERVER_SCHEME = Pattern.compile("(?i)https?:");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private RedirectUris() {}

    /** The URIs of a list; what is wrong with one is noted without showing it, as it may hold a password. */
    static List<String> read(Section section, String key, Problems problems) {
        List<String> uris = new ArrayList<>();
        for (Text text : section.texts(key)) {
            @Nullable String wrong = wrongWith(text.value());
            if (wrong != null) {
                problems.add(text.line(), "an item of " + Problems.quote(key) + " " + wrong);
            } else if (uris.contains(text.value())) {
                problems.add(text.line(), "an item of " + Problems.quote(key) + " is given twice");
            }
            uris.add(text.value());
        }
        return uris;
    }

    /** The URI of a server that we call: no app's scheme. */
    static @Nullable String readServer(Section section, String key, Problems problems) {
        Text text = section.text(key);
        if (text == null) {
            return null;
        }
        @Nullable String wrong = wrongWith(text.value());
        if (wrong == null && !SERVER_SCHEME.matcher(text.value()).lookingAt()) {
            wrong = "must use https, or http to this machine";
        }
        if (wrong != null) {
            problems.add(text.line(), Problems.quote(key) + " " + wrong);
        }
        return text.value();
    }

    static @Nullable String wrongWith(String value) {
        URI uri;
        try {
            uri = new URI(value);
        } catch (URISyntaxException e) {
            return "is not a URI";
        }
        if (!uri.isAbsolute()) {
            return "must be an absolute URI";
        }
        if (value.indexOf('#') >= 0) {
            return "must have no fragment";
        }
        if (value.indexOf('*') >= 0) {
            return "must have no wildcard";
        }
        if (!value.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            return "must be ASCII: encode other characters";
        }
        String authority = uri.getRawAuthority();
        if (authority != null && authority.indexOf('@') >= 0) {
            return "must have no user info";
        }
        return wrongScheme(uri);
    }

    private static @Nullable String wrongScheme(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "https" -> host.isEmpty() ? "must name a host" : null;
            case "http" -> LOOPBACK.matcher(host).matches() ? null : "must use https: http is for this machine only";
            default ->
                APP_SCHEME.matcher(scheme).matches()
                        ? null
                        : "must use https, http to this machine, or an app's scheme with a dot in it";
        };
    }
}
