package dev.gatehouse.server.ops;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The names of all settings that one configuration record has, those of its nested records included.
 *
 * @param groups the names that only have settings below them
 * @param lists the names that may have elements below them
 */
record Settings(
        Set<ConfigurationPropertyName> names,
        Set<ConfigurationPropertyName> groups,
        Set<ConfigurationPropertyName> lists) {

    static Settings of(Class<?> type) {
        Settings settings = new Settings(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        settings.add(prefix(type), type);
        return settings;
    }

    static ConfigurationPropertyName prefix(Class<?> type) {
        return ConfigurationPropertyName.of(
                type.getAnnotation(ConfigurationProperties.class).value());
    }

    private void add(ConfigurationPropertyName prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            ConfigurationPropertyName name = prefix.append(dashed(component.getName()));
            Class<?> of = component.getType();
            if (of.isRecord() && of.getDeclaringClass() == type) {
                groups.add(name);
                add(name, of);
            } else if (Collection.class.isAssignableFrom(of) || Map.class.isAssignableFrom(of)) {
                names.add(name);
                lists.add(name);
            } else {
                names.add(name);
            }
        }
    }

    boolean know(ConfigurationPropertyName name) {
        return names.contains(name) || lists.stream().anyMatch(list -> list.isAncestorOf(name));
    }

    /** The setting, or the group of them, with which a text begins. */
    Optional<ConfigurationPropertyName> namedBy(String text) {
        String first = text.split("[: ]", 2)[0];
        return ConfigurationPropertyName.isValid(first)
                ? Optional.of(ConfigurationPropertyName.of(first))
                        .filter(name -> names.contains(name) || groups.contains(name))
                : Optional.empty();
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
