package dev.gatehouse.server.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What scopes mean in plain words, for the people who are asked for them.
 *
 * @param texts by scope and language, for example {@code orders.read}, {@code de}
 */
public record ScopeTexts(Map<String, Map<String, String>> texts) {
    public static final ScopeTexts NONE = new ScopeTexts(Map.of());

    public ScopeTexts {
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        texts.forEach(
                (scope, languages) -> copy.put(scope, Collections.unmodifiableMap(new LinkedHashMap<>(languages))));
        texts = Collections.unmodifiableMap(copy);
    }

    /** The scope's text in this language, or in English, or in the first language that it has one in. */
    public Optional<String> of(String scope, Locale language) {
        Map<String, String> languages = texts.getOrDefault(scope, Map.of());
        return Optional.ofNullable(languages.get(language.getLanguage()))
                .or(() -> Optional.ofNullable(languages.get(Locale.ENGLISH.getLanguage())))
                .or(() -> languages.values().stream().findFirst());
    }
}
