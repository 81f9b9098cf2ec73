package dev.gatehouse.server.ops;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Reads every {@code gatehouse.*} setting and the stores' addresses before anything else starts, so that all bad ones are
 * named at once: values that a configuration record refuses, and names that no record knows. A record refuses one setting
 * at a time; so what it has refused is hidden from it, and it is asked again.
 */
@Component
class ConfigurationCheck implements BeanFactoryPostProcessor, PriorityOrdered, EnvironmentAware {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("gatehouse");

    private @Nullable ConfigurableEnvironment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = (ConfigurableEnvironment) environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        ConfigurableEnvironment present = Objects.requireNonNull(environment);
        Set<String> problems = new LinkedHashSet<>();
        List<Settings> known = new ArrayList<>();
        for (Class<?> type : records(beanFactory)) {
            Settings settings = Settings.of(type);
            known.add(settings);
            problems.addAll(refusals(present, type, settings));
        }
        problems.addAll(StoreAddresses.problems(present));
        problems.addAll(unknownNames(present, known));
        if (!problems.isEmpty()) {
            throw new BadConfiguration(List.copyOf(problems));
        }
    }

    private static List<Class<?>> records(ConfigurableListableBeanFactory beanFactory) {
        List<Class<?>> records = new ArrayList<>();
        for (String name : beanFactory.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beanFactory.getType(name, false);
            if (type != null && type.isRecord() && type.getPackageName().startsWith("dev.gatehouse.server")) {
                records.add(type);
            }
        }
        return records;
    }

    private static Set<String> refusals(ConfigurableEnvironment environment, Class<?> type, Settings settings) {
        Set<String> refusals = new LinkedHashSet<>();
        Set<ConfigurationPropertyName> refused = new HashSet<>();
        while (true) {
            try {
                binder(environment, refused).bindOrCreate(Settings.prefix(type).toString(), Bindable.of(type));
                return refusals;
            } catch (BindException e) {
                String reason = reason(e);
                Optional<ConfigurationPropertyName> name = settings.namedBy(reason);
                boolean isNew = name.isEmpty() || refused.add(name.get());
                if (isNew) {
                    refusals.add(reason);
                }
                if (!isNew || name.isEmpty()) {
                    return refusals;
                }
            }
        }
    }

    private static Binder binder(ConfigurableEnvironment environment, Set<ConfigurationPropertyName> hidden) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            sources.add(source.filter(
                    name -> hidden.stream().noneMatch(bad -> bad.equals(name) || bad.isAncestorOf(name))));
        }
        return new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
    }

    /** The message of the record's own refusal where there is one, and the binder's with the setting's name otherwise. */
    private static String reason(BindException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        return message.startsWith("gatehouse.") ? message : e.getName() + ": " + message;
    }

    /** The shell's variables are left alone: not everything there that begins with our name is meant for us. */
    private static List<String> unknownNames(ConfigurableEnvironment environment, List<Settings> known) {
        List<String> problems = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            boolean fromShell = source.getUnderlyingSource() instanceof PropertySource<?> origin
                    && origin.getName().startsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
            if (source instanceof IterableConfigurationPropertySource names && !fromShell) {
                for (ConfigurationPropertyName name : names) {
                    if (ROOT.isAncestorOf(name) && known.stream().noneMatch(settings -> settings.know(name))) {
                        problems.add(name + ": there is no such setting");
                    }
                }
            }
        }
        return problems;
    }
}
