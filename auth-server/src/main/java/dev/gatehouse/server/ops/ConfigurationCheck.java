package dev.gatehouse.server.ops;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Reads every {@code gatehouse.*} setting before anything else starts, so that all bad ones are named at once: values that
 * a configuration record refuses, and names that no record knows.
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
        List<String> problems = new ArrayList<>();
        Set<ConfigurationPropertyName> known = new LinkedHashSet<>();
        ConfigurableEnvironment present = java.util.Objects.requireNonNull(environment);
        Binder binder = Binder.get(present);
        for (Class<?> type : records(beanFactory)) {
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            for (var component : type.getRecordComponents()) {
                known.add(ConfigurationPropertyName.of(prefix).append(dashed(component.getName())));
            }
            try {
                binder.bindOrCreate(prefix, Bindable.of(type));
            } catch (BindException e) {
                problems.add(reason(e));
            }
        }
        problems.addAll(unknownNames(present, known));
        if (!problems.isEmpty()) {
            throw new BadConfiguration(problems);
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

    /** The message of the record's own refusal where there is one, and the binder's with the setting's name otherwise. */
    private static String reason(BindException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        return message.startsWith("gatehouse.") ? message : e.getName() + ": " + message;
    }

    private static List<String> unknownNames(
            ConfigurableEnvironment environment, Set<ConfigurationPropertyName> known) {
        List<String> problems = new ArrayList<>();
        for (var source : ConfigurationPropertySources.get(environment)) {
            boolean fromShell =
                    source.getUnderlyingSource() instanceof org.springframework.core.env.PropertySource<?> origin
                            && origin.getName().startsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
            if (source instanceof IterableConfigurationPropertySource names && !fromShell) {
                for (ConfigurationPropertyName name : names) {
                    if (ROOT.isAncestorOf(name)
                            && known.stream().noneMatch(k -> k.equals(name) || k.isAncestorOf(name))) {
                        problems.add(name + ": there is no such setting");
                    }
                }
            }
        }
        return problems;
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
