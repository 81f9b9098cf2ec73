package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Issuer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class KeysConfiguration {
    /** An ID token is a good hint for so long, however soon it expires itself. */
    private static final Duration HINTS = Duration.ofDays(90);

    @Bean
    Seal seal(KeysProperties properties, SecureRandom random) {
        return new Seal(properties.masterKeys(), random);
    }

    @Bean
    ServerSecret serverSecret(JdbcClient jdbc, Seal seal, SecureRandom random) {
        return StoredServerSecret.open(jdbc, seal, random);
    }

    @Bean
    NativeCryptography nativeCryptography() {
        return NativeCryptography.find();
    }

    @Bean
    StoredSigningKeys signingKeys(
            Issuer issuer,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Seal seal,
            KeysProperties properties,
            SignedTokenLifetime tokens,
            NativeCryptography cryptography,
            InstantSource clock,
            SecureRandom random)
            throws UnusableDeviceException {
        KeyVault vault = new KeyVault(issuer.value(), seal, custodies(properties, random, cryptography));
        KeySchedule schedule = new KeySchedule(
                Set.copyOf(properties.signingAlgorithms()),
                properties.rotateEvery(),
                properties.lead(),
                tokens.longest().plus(properties.clockSkew()),
                HINTS);
        KeyLifecycle lifecycle = new KeyLifecycle(
                new KeyTable(jdbc, issuer.value()), vault, schedule, new TransactionTemplate(transactions), clock);
        return new StoredSigningKeys(lifecycle, vault, schedule, cryptography, properties.jwksMaxAge(), clock);
    }

    /** The one that makes the new keys is the first; the others are there for the keys that they have made. */
    private static KeyCustody[] custodies(
            KeysProperties properties, SecureRandom random, NativeCryptography cryptography)
            throws UnusableDeviceException {
        KeyCustody sealed = new SealedCustody(properties.rsaBits(), random, cryptography);
        KeysProperties.Pkcs11 settings = properties.pkcs11();
        if (settings == null) {
            return new KeyCustody[] {sealed};
        }
        KeyCustody device = new Pkcs11Custody(settings, properties.rsaBits());
        if (!settings.newKeys()) {
            return new KeyCustody[] {sealed, device};
        }
        for (SigningAlgorithm algorithm : properties.signingAlgorithms()) {
            if (!device.supports(algorithm)) {
                throw new UnusableDeviceException("gatehouse.keys.algorithms must not have " + algorithm.value()
                        + ": the device of gatehouse.keys.pkcs11 does not sign by it");
            }
        }
        return new KeyCustody[] {device, sealed};
    }

    @Bean
    KeyFollower keyFollower(StoredSigningKeys keys) {
        return new KeyFollower(keys);
    }

    @Bean
    TokenSigner tokenSigner(StoredSigningKeys keys, KeysProperties properties) {
        return new RingSigner(keys::ring, properties.signingAlgorithms());
    }
}
