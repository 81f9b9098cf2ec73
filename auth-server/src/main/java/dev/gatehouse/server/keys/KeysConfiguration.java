package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Issuer;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class KeysConfiguration {
    @Bean
    MasterKey masterKey(KeysProperties properties) {
        return new HkdfMasterKey(properties.bytes());
    }

    @Bean
    SigningKeys signingKeys(Issuer issuer, JdbcClient jdbc, MasterKey masterKey, SecureRandom random) {
        return new StoredSigningKeys(issuer, new SealedKeys(jdbc), new KeySeal(masterKey, random), random);
    }
}
