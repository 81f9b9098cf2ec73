package dev.gatehouse.server.account;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
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
    OneTimeTokens oneTimeTokens(JdbcClient jdbc, SecureRandom random, InstantSource clock) {
        return new OneTimeTokens(jdbc, random, clock);
    }

    @Bean
    Accounts accounts(JdbcClient jdbc, PasswordChecks checks) {
        return new JdbcAccounts(new AccountTable(jdbc), new PasswordHashes(), checks);
    }
}
