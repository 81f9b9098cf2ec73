package dev.gatehouse.server.admin;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import java.net.InetAddress;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is declared, loaded at the start. */
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {
    @Bean
    DeclaredAtStart declaredAtStart(
            DemoProperties demo,
            AdminProperties admin,
            @Value("${server.address:#{null}}") @Nullable InetAddress boundTo,
            Issuer issuer,
            TokenSigner signer,
            Registrar registrar) {
        return new DeclaredAtStart(
                demo,
                admin,
                boundTo,
                new DeclaredConfigurationReader(issuer, demo.enabled(), signer.algorithms()),
                registrar);
    }

    @Bean
    Registrar registrar(
            Apis apis,
            Clients clients,
            Accounts accounts,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            SecureRandom random) {
        return new Registrar(apis, clients, accounts, jdbc, new TransactionTemplate(transactions), random);
    }
}
