package dev.gatehouse.server.account;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Bean
    PasswordChecks passwordChecks(AccountProperties properties) {
        return new PasswordChecks(properties.passwordChecks(), PATIENCE);
    }

    @Bean
    Accounts accounts(JdbcClient jdbc, PasswordChecks checks) {
        return new JdbcAccounts(new AccountTable(jdbc), new PasswordHashes(), checks);
    }
}
