package dev.gatehouse.server.backchannel;

import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts the delivery of logout tokens together. */
@Configuration(proxyBeanMethods = false)
class BackChannelConfiguration {
    @Bean
    LogoutCourier logoutCourier(
            JdbcClient jdbc,
            Clients clients,
            Issuer issuer,
            TokenSigner signer,
            BackChannelProperties properties,
            SslBundles bundles,
            InstantSource clock,
            SecureRandom random,
            AuditLog auditLog,
            MeterRegistry metrics) {
        Targets targets = new Targets(properties.targets(), issuer.value().startsWith("http:"));
        return new LogoutCourier(
                new LogoutTable(jdbc),
                clients,
                new LogoutTokens(issuer, signer, clock, random),
                new LogoutRequest(targets, tls(properties, bundles), properties.timeout()),
                properties,
                clock,
                auditLog,
                metrics);
    }

    private static SSLSocketFactory tls(BackChannelProperties properties, SslBundles bundles) {
        String bundle = properties.sslBundle();
        return bundle == null
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : bundles.getBundle(bundle).createSslContext().getSocketFactory();
    }
}
