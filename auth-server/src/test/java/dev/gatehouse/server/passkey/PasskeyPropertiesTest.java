package dev.gatehouse.server.passkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.oauth.Issuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasskeyPropertiesTest {
    private static final Issuer ISSUER = new Issuer("https://ID.example.com:8443/tenant");

    @Test
    void passkeysAreForTheIssuersHostUnlessSaidOtherwise() {
        assertThat(new PasskeyProperties(null).relyingParty(ISSUER))
                .contains(new RelyingParty("id.example.com", "https://id.example.com:8443"));
        assertThat(new PasskeyProperties(null).relyingParty(new Issuer("http://localhost:9000")))
                .contains(new RelyingParty("localhost", "http://localhost:9000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id.example.com", "example.com"})
    void theHostOrADomainAboveItIsTaken(String domain) {
        assertThat(new PasskeyProperties(domain).relyingParty(ISSUER))
                .contains(new RelyingParty(domain, "https://id.example.com:8443"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"com", "ample.com", "other.example.com", "attacker.example", "x.id.example.com"})
    void anotherDomainIsRefused(String domain) {
        assertThatThrownBy(() -> new PasskeyProperties(domain).relyingParty(ISSUER))
                .hasMessage("gatehouse.passkeys.rp-id must be the host of gatehouse.issuer or a domain above it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://example.com", "Example.com", "example.com.", "-a.example", "10.0.0.1", "a b"})
    void whatIsNoDomainIsRefused(String text) {
        assertThatThrownBy(() -> new PasskeyProperties(text))
                .hasMessageStartingWith("gatehouse.passkeys.rp-id must be a domain in lower case");
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:9000", "http://[::1]:9000", "https://192.0.2.7"})
    void anIssuerWithoutANameHasNoPasskeys(String issuer) {
        assertThat(new PasskeyProperties(null).relyingParty(new Issuer(issuer))).isEmpty();
    }
}
