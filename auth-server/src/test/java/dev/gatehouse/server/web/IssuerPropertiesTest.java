package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerPropertiesTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://id.example",
                "https://id.example/tenant",
                "http://localhost:9000",
                "http://127.0.0.1:1",
                "http://[::1]:9000"
            })
    void aProperIssuerIsTakenOnLoopback(String issuer) {
        assertThat(new IssuerProperties(issuer).safeFor(LOOPBACK)).isEqualTo(issuer);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "id.example",
                "/issuer",
                "ftp://id.example",
                "https://",
                "https:///path",
                "https://id.example/",
                "https://id.example?tenant=1",
                "https://id.example#top",
                "https://user@id.example",
                "https://id example",
                "mailto:id@id.example"
            })
    void anImproperIssuerIsRefused(String issuer) {
        assertThatThrownBy(() -> new IssuerProperties(issuer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gatehouse.issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://id.example", "http://localhost.example", "http://10.0.0.1"})
    void httpIsRefusedForAnyHostButLoopback(String issuer) {
        assertThatThrownBy(() -> new IssuerProperties(issuer).safeFor(LOOPBACK)).hasMessageContaining("use https");
    }

    @Test
    void httpIsRefusedWhenOtherMachinesCanReachTheServer() {
        assertThatThrownBy(() -> new IssuerProperties("http://localhost:9000").safeFor(ANY))
                .hasMessageContaining("use https");
        assertThatThrownBy(() -> new IssuerProperties("http://localhost:9000").safeFor(null))
                .hasMessageContaining("use https");
    }

    @Test
    void httpsIsTakenWhereverTheServerIsBound() {
        assertThat(new IssuerProperties("https://id.example").safeFor(null)).isEqualTo("https://id.example");
    }
}
