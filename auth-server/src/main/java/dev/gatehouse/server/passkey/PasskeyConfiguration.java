package dev.gatehouse.server.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.util.ObjectConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The library that reads and verifies what authenticators make. */
@Configuration(proxyBeanMethods = false)
class PasskeyConfiguration {
    @Bean
    ObjectConverter webAuthnConverter() {
        return new ObjectConverter();
    }

    /** Not strict about attestation: we ask for none. */
    @Bean
    WebAuthnManager webAuthnManager(ObjectConverter webAuthnConverter) {
        return WebAuthnManager.createNonStrictWebAuthnManager(webAuthnConverter);
    }
}
