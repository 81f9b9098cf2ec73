package dev.gatehouse.server.web;

import dev.gatehouse.server.oauth.Issuer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumSet;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.ReloadableResourceBundleMessageSource;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.LocaleResolver;

/** The plumbing: who we are, and the filters in front of every security chain. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {
    @Bean
    Issuer issuer(IssuerProperties properties, @Value("${server.address:#{null}}") InetAddress boundTo) {
        return new Issuer(properties.safeFor(boundTo));
    }

    @Bean
    Theme theme(PagesProperties properties) {
        return new Theme(properties);
    }

    @Bean
    MessageSource messageSource(Theme theme) {
        ReloadableResourceBundleMessageSource messages = new ReloadableResourceBundleMessageSource();
        messages.setBasenames(theme.messages());
        messages.setDefaultEncoding(StandardCharsets.UTF_8.name());
        messages.setFallbackToSystemLocale(false);
        return messages;
    }

    @Bean
    LocaleResolver localeResolver(Theme theme) {
        return new PageLocales(theme.languages());
    }

    @Bean
    FilterRegistrationBean<ForwardedFilter> forwardedFilter(WebProperties properties) {
        return first(new ForwardedFilter(properties), 0, DispatcherType.ASYNC, DispatcherType.ERROR);
    }

    @Bean
    FilterRegistrationBean<SecurityHeaders> securityHeaders(Issuer issuer) {
        return first(new SecurityHeaders(issuer), 1);
    }

    @Bean
    FilterRegistrationBean<StoreOutages> storeOutages(InstantSource clock) {
        return first(new StoreOutages(clock), 4);
    }

    @Bean
    FilterRegistrationBean<ParameterGuard> parameterGuard(WebProperties properties) {
        return first(new ParameterGuard(properties), 5);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bareErrorReports() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(BareErrorReports.class.getName());
            }
        });
    }

    /** Spring's character encoding filter stands at the highest precedence too, and must come before any parameter is read. */
    private static <F extends Filter> FilterRegistrationBean<F> first(F filter, int position, DispatcherType... more) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + position);
        EnumSet<DispatcherType> types = EnumSet.of(DispatcherType.REQUEST);
        types.addAll(java.util.List.of(more));
        registration.setDispatcherTypes(types);
        return registration;
    }
}
