package dev.gatehouse.server;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one clock and the one source of randomness that the server draws on. */
@Configuration(proxyBeanMethods = false)
class TimeAndRandomness {
    @Bean
    InstantSource instantSource() {
        return InstantSource.system();
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }
}
