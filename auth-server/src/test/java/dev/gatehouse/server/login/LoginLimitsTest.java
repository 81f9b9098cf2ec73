package dev.gatehouse.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginLimitsTest {
    private final LoginLimits limits = new LoginLimits(TestLogin.properties());

    private List<Bucket> from(String address) {
        return limits.of(LoginName.of("ada"), address, null);
    }

    private String key(String limit, String address) {
        return from(address).stream()
                .filter(bucket -> bucket.limit().name().equals(limit))
                .findFirst()
                .orElseThrow()
                .key();
    }

    @ParameterizedTest
    @CsvSource({
        "login-address, 192.0.2.1, 192.0.2.2, false",
        "login-address, 2001:db8::1, 2001:db8::ffff:1, true",
        "login-address, 2001:db8::1, 2001:db8:0:1::1, false",
        "login-network, 192.0.2.1, 192.0.2.254, true",
        "login-network, 192.0.2.1, 192.0.3.1, false",
        "login-network, 2001:db8:7::1, 2001:db8:7:ffff::1, true",
        "login-network, 2001:db8:7::1, 2001:db8:8::1, false",
        "login-account-from-address, 192.0.2.1, 192.0.2.2, false",
        "login-account-from-address, 2001:db8::1, 2001:db8::2, true",
        "login-account, 192.0.2.1, 2001:db8::1, true",
    })
    void whichAddressesCountAsOne(String limit, String one, String other, boolean same) {
        assertThat(key(limit, one).equals(key(limit, other))).isEqualTo(same);
    }

    @Test
    void aKnownDeviceDrawsOnItsOwnBudgetAlone() {
        assertThat(limits.of(LoginName.of("ada"), "192.0.2.1", "a device"))
                .containsExactly(new Bucket(TestLogin.properties().device().limit(), "a device"));
    }

    @ParameterizedTest
    @CsvSource({"Ada, ada", "ＡＤＡ, ada", "straße, STRASSE", "ﬁne, fine"})
    void allSpellingsThatCouldNameOneAccountCountAsOne(String one, String other) {
        assertThat(LoginName.of(one)).isEqualTo(LoginName.of(other));
    }
}
