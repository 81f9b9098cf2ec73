package dev.gatehouse.server.backchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
    private static final URI APP = URI.create("https://app.example/logged-out");

    private final Targets byDefault = new Targets(List.of(), false);

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "172.32.0.1", "100.128.0.1"})
    void aPublicAddressMayBeCalled(String address) {
        assertThat(byDefault.allow(APP, InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "::1",
                "0.0.0.0",
                "::",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001:0:a00:1::1"
            })
    void anAddressThatLeadsInsideMayNot(String address) {
        assertThat(byDefault.allow(APP, InetAddress.ofLiteral(address))).isFalse();
    }

    @Test
    void thisMachineMayBeCalledWhileTheIssuerIsForThisMachineOnly() {
        Targets onThisMachine = new Targets(List.of(), true);
        URI here = URI.create("http://localhost:8081/logged-out");
        assertThat(onThisMachine.allow(here, InetAddress.ofLiteral("127.0.0.1")))
                .isTrue();
        assertThat(onThisMachine.allow(here, InetAddress.ofLiteral("10.0.0.1"))).isFalse();
    }

    @Test
    void nothingLeavesThisMachineWithoutTls() {
        Targets all = new Targets(List.of("0.0.0.0/0", "app.example"), true);
        assertThat(all.allow(URI.create("http://app.example/"), InetAddress.ofLiteral("8.8.8.8")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16,    https://app.example/,      10.1.2.3,        true",
        "10.1.0.0/16,    https://app.example/,      10.2.2.3,        false",
        "10.1.0.0/16,    https://app.example/,      8.8.8.8,         false",
        "app.example,    https://app.example/,      10.2.2.3,        true",
        "app.example,    https://APP.example/,      8.8.8.8,         true",
        "app.example,    https://other.example/,    8.8.8.8,         false",
        "app.example,    https://x.app.example/,    8.8.8.8,         false",
        "*.app.example,  https://x.app.example/,    8.8.8.8,         true",
        "*.app.example,  https://evilapp.example/,  8.8.8.8,         false",
        "*.app.example,  https://app.example/,      8.8.8.8,         false",
        "app.example,    https://app.example/,      169.254.169.254, false",
        "169.254.0.0/16, https://app.example/,      169.254.169.254, true"
    })
    void aListAllowsWhatItNamesAndNothingElse(String target, String uri, String address, boolean allowed) {
        assertThat(new Targets(List.of(target), true).allow(URI.create(uri), InetAddress.ofLiteral(address)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "https://app.example", "app.example/x", "*", "10.1", "a b"})
    void whatIsNeitherHostNorNetworkIsRefusedAtTheStart(String target) {
        assertThatThrownBy(() -> Targets.check(target)).hasMessageContaining("gatehouse.backchannel.targets");
    }
}
