package dev.gatehouse.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.LocaleResolver;

/** The language of a page: what the client asked for, else what the browser asks for, else the first of the house, which is English. */
public final class PageLocales implements LocaleResolver {
    private static final String PREFERRED = PageLocales.class.getName() + ".preferred";

    private final List<Locale> supported;

    PageLocales(List<Locale> supported) {
        this.supported = List.copyOf(supported);
    }

    /** Prefers the languages of a {@code ui_locales} parameter, OpenID Connect Core section 3.1.2.1. */
    public static void prefer(HttpServletRequest request, @Nullable String uiLocales) {
        if (uiLocales != null) {
            request.setAttribute(PREFERRED, uiLocales);
        }
    }

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        if (request.getAttribute(PREFERRED) instanceof String uiLocales) {
            for (String tag : uiLocales.split(" ", -1)) {
                Locale match = supported(parse(tag));
                if (match != null) {
                    return match;
                }
            }
        }
        if (request.getHeader("Accept-Language") == null) {
            return Locale.ENGLISH;
        }
        return Collections.list(request.getLocales()).stream()
                .map(this::supported)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Locale.ENGLISH);
    }

    private static Locale parse(String tag) {
        try {
            return new Locale.Builder().setLanguageTag(tag).build();
        } catch (IllformedLocaleException e) {
            return Locale.ROOT;
        }
    }

    private @Nullable Locale supported(Locale wanted) {
        return supported.stream()
                .filter(locale -> locale.getLanguage().equals(wanted.getLanguage()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void setLocale(HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
        throw new UnsupportedOperationException("the language of a page is not chosen here");
    }
}
