package dev.gatehouse.server.overload;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import org.apache.coyote.ProtocolHandler;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Puts the line in front of the public port's threads, and the filter behind the ones that read a request. */
@Configuration(proxyBeanMethods = false)
class OverloadConfiguration {
    @Bean
    Places places(OverloadProperties properties) {
        return new Places(properties);
    }

    @Bean
    Refusals refusals(MeterRegistry metrics) {
        return new Refusals(metrics);
    }

    @Bean
    FilterRegistrationBean<AdmissionFilter> admission(Places places, OverloadProperties properties, Refusals refusals) {
        FilterRegistrationBean<AdmissionFilter> registration =
                new FilterRegistrationBean<>(new AdmissionFilter(places, properties.longestWait(), refusals));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 6);
        return registration;
    }

    /** After Spring Boot has put its virtual threads there. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> waitingLine(OverloadProperties properties) {
        return factory -> factory.addProtocolHandlerCustomizers((ProtocolHandler handler) ->
                measure(handler, new ControlledDelay(properties.longestWait(), System.nanoTime())));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> beforeEveryFilter(
            OverloadProperties properties, Refusals refusals) {
        return factory ->
                factory.addEngineValves(new KeptConnections(), new LineValve(properties.longestWait(), refusals));
    }

    private static void measure(ProtocolHandler handler, ControlledDelay delay) {
        Executor threads = handler.getExecutor();
        if (threads != null) {
            handler.setExecutor(new WaitingLine(threads, delay, System::nanoTime));
        }
    }
}
