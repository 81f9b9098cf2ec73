package dev.gatehouse.server.account;

import dev.gatehouse.server.account.AccountProperties.Password;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.function.SingletonSupplier;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Java code that hashes at a low priority would hold up the garbage collector, which waits for every thread. */
    @Bean
    PasswordChecks passwordChecks(AccountProperties properties, Argon2 argon2) {
        Optional<ThreadFactory> quiet = argon2 instanceof NativeArgon2 ? QuietThreads.find() : Optional.empty();
        int atOnce = properties.passwordChecks(quiet.isPresent());
        return quiet.map(factory -> new PasswordChecks(atOnce, PATIENCE, factory, System::nanoTime))
                .orElseGet(() -> new PasswordChecks(atOnce, PATIENCE));
    }

    @Bean
    MeterBinder passwordCheckMetrics(PasswordChecks checks) {
        return metrics -> {
            for (Turn turn : Turn.values()) {
                Gauge.builder("gatehouse.password.checks.waiting", checks, all -> all.waiting(turn))
                        .description("Password checks that wait for a processor")
                        .tag("turn", turn.name().toLowerCase(Locale.ROOT))
                        .register(metrics);
            }
        };
    }

    @Bean
    PasswordRules passwordRules(AccountProperties properties, ObjectProvider<PwnedRange> range) {
        Password password = properties.password();
        List<BreachedPasswords> breached = new ArrayList<>();
        breached.add(new ListedPasswords(SingletonSupplier.of(() -> List.of(BreachedList.shipped()))::obtain));
        Path file = password.breachedFile();
        if (file != null) {
            List<BreachedList> own = List.of(opened(file));
            breached.add(new ListedPasswords(() -> own));
        }
        range.ifAvailable(breached::add);
        return new PasswordRules(password.minLength(), password.refusedWords(), breached);
    }

    private static BreachedList opened(Path file) {
        try {
            return BreachedList.mapped(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("gatehouse.account.password.breached-file cannot be used: " + file, e);
        }
    }

    @Bean
    @ConditionalOnProperty("gatehouse.account.password.range-api")
    PwnedRange pwnedRange(AccountProperties properties, MeterRegistry meters) {
        URI address = Objects.requireNonNull(properties.password().rangeApi());
        return new PwnedRange(address, properties.password().rangePatience(), meters);
    }

    @Bean
    OneTimeTokens oneTimeTokens(JdbcClient jdbc, SecureRandom random, InstantSource clock) {
        return new OneTimeTokens(jdbc, random, clock);
    }

    @Bean
    Argon2 argon2() {
        return NativeArgon2.orPortable();
    }

    @Bean
    PasswordInfo passwordInfo(Argon2 argon2) {
        return new PasswordInfo(argon2);
    }

    @Bean
    Accounts accounts(JdbcClient jdbc, PasswordChecks checks, Argon2 argon2, SecureRandom random) {
        PasswordHashes hashes = new PasswordHashes(argon2, random);
        return new JdbcAccounts(new AccountTable(jdbc), hashes, checks);
    }
}
