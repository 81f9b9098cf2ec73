package dev.gatehouse.server.login;

import dev.gatehouse.server.login.LoginProperties.Account;
import dev.gatehouse.server.login.LoginProperties.AccountFromAddress;
import dev.gatehouse.server.login.LoginProperties.Address;
import dev.gatehouse.server.login.LoginProperties.Device;
import dev.gatehouse.server.login.LoginProperties.Network;
import dev.gatehouse.server.login.LoginProperties.Stuffing;
import java.time.Duration;
import java.util.Set;

/** Settings as they are unless somebody sets them. */
final class TestLogin {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private TestLogin() {}

    static LoginProperties properties() {
        return new LoginProperties(
                new Address(100, 100, TEN_MINUTES),
                new Account(30, 30, Duration.ofHours(1)),
                new AccountFromAddress(10, 10, TEN_MINUTES),
                new Network(1000, 1000, TEN_MINUTES),
                new Device(10, 10, Duration.ofMinutes(30), Duration.ofDays(180)),
                new Stuffing(100, 0.5, TEN_MINUTES),
                false,
                Set.of());
    }
}
