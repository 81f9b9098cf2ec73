package dev.gatehouse.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TokenVerifier;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.ClassUtils;

class AutoConfigurationTest {

    private final ScriptedIssuer issuer = new ScriptedIssuer(InstantSource.system());

    @AfterEach
    void stop() {
        issuer.close();
    }

    private static AutoConfigurations all() {
        return AutoConfigurations.of(
                GatehouseVerifierAutoConfiguration.class,
                GatehouseWebSecurityAutoConfiguration.class,
                GatehouseHealthAutoConfiguration.class,
                GatehouseMetricsAutoConfiguration.class,
                SecurityAutoConfiguration.class,
                ServletWebSecurityAutoConfiguration.class);
    }

    private WebApplicationContextRunner web() {
        return new WebApplicationContextRunner()
                .withConfiguration(all())
                .withPropertyValues(TestService.properties(issuer));
    }

    @Test
    void aServletApplicationHasAllOfIt() {
        web().run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(TokenVerifier.class)
                .hasBean("gatehouseJwtDecoder")
                .hasBean("gatehouseSecurityFilterChain")
                .hasBean("gatehouseJwtAuthenticationConverter")
                .hasSingleBean(VerifierHealthIndicator.class)
                .hasSingleBean(VerifierMetrics.class));
    }

    @Test
    void anApplicationWithoutWebHasTheDecoderOnly() {
        new ApplicationContextRunner()
                .withConfiguration(all())
                .withPropertyValues(TestService.properties(issuer))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(TokenVerifier.class)
                        .hasSingleBean(JwtDecoder.class)
                        .doesNotHaveBean(SecurityFilterChain.class));
    }

    @Test
    void aDecoderOfTheApplicationsOwnTakesTheStartersPlace() {
        JwtDecoder own = token -> {
            throw new BadJwtException("no");
        };
        web().withBean(JwtDecoder.class, () -> own)
                .run(context -> assertThat(context.getBean(JwtDecoder.class)).isSameAs(own));
    }

    @Test
    void aChainOfTheApplicationsOwnTakesTheStartersPlace() {
        Supplier<SecurityFilterChain> own = () -> new DefaultSecurityFilterChain(request -> true);
        web().withBean("own", SecurityFilterChain.class, own)
                .run(context -> assertThat(context)
                        .hasSingleBean(SecurityFilterChain.class)
                        .doesNotHaveBean("gatehouseSecurityFilterChain"));
    }

    @Test
    void aConverterOfTheApplicationsOwnTakesTheStartersPlace() {
        web().withBean("own", JwtAuthenticationConverter.class, JwtAuthenticationConverter::new)
                .run(context -> assertThat(context)
                        .hasSingleBean(JwtAuthenticationConverter.class)
                        .doesNotHaveBean("gatehouseJwtAuthenticationConverter"));
    }

    @Test
    void aVerifierOfTheApplicationsOwnTakesTheStartersPlace() {
        web().withBean("own", TokenVerifier.class, () -> issuer.verifier().start())
                .run(context -> assertThat(context)
                        .hasSingleBean(TokenVerifier.class)
                        .doesNotHaveBean("gatehouseTokenVerifier")
                        .hasBean("gatehouseJwtDecoder"));
    }

    @Test
    void anApplicationWithAVerifierOfItsOwnNeedsNoSettings() {
        new WebApplicationContextRunner()
                .withConfiguration(all())
                .withBean("own", TokenVerifier.class, () -> issuer.verifier().start())
                .run(context -> assertThat(context).hasNotFailed().hasBean("gatehouseSecurityFilterChain"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class OwnMethodSecurity {}

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity(prePostEnabled = false, securedEnabled = true)
    static class OwnSecuredMethods {}

    @Test
    void methodSecurityOfTheApplicationsOwnTakesTheStartersPlace() {
        web().run(context -> assertThat(context)
                .hasSingleBean(GatehouseWebSecurityAutoConfiguration.MethodSecurity.class)
                .hasBean("preAuthorizeAuthorizationMethodInterceptor"));
        web().withUserConfiguration(OwnMethodSecurity.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(GatehouseWebSecurityAutoConfiguration.MethodSecurity.class)
                        .hasBean("preAuthorizeAuthorizationMethodInterceptor"));
    }

    @Test
    void methodSecurityOfAnotherKindStandsBesideTheStarters() {
        web().withUserConfiguration(OwnSecuredMethods.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("securedAuthorizationMethodInterceptor")
                        .hasBean("preAuthorizeAuthorizationMethodInterceptor"));
    }

    /** An application need not have Spring Boot's tests of security among its own. */
    @Test
    void whatASliceImportsIsEnoughForItself() {
        Class<?>[] imported =
                ImportCandidates.load(WebMvcTest.class, getClass().getClassLoader()).getCandidates().stream()
                        .map(name ->
                                ClassUtils.resolveClassName(name, getClass().getClassLoader()))
                        .toArray(Class<?>[]::new);
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(imported))
                .withPropertyValues(TestService.properties(issuer))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("gatehouseSecurityFilterChain")
                        .hasSingleBean(DelegatingFilterProxyRegistrationBean.class));
    }

    @Test
    void theActuatorAndTheMetricsMayBeMissing() {
        web().withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.health", "org.springframework.boot.actuate", "io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("gatehouseSecurityFilterChain")
                        .doesNotHaveBean("gatehouseHealthIndicator")
                        .doesNotHaveBean("gatehouseVerifierMetrics"));
    }

    @Test
    void theHealthIndicatorMayBeTurnedOff() {
        web().withPropertyValues("management.health.gatehouse.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(HealthIndicator.class)
                        .hasSingleBean(MeterBinder.class));
    }
}
