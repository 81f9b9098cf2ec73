package dev.gatehouse.server.login;

import dev.gatehouse.server.ratelimit.Limit;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many failed logins are borne, and who needs more than a password. A login that succeeds does not count.
 *
 * @param address from one IPv4 address or one IPv6 /64 network
 * @param account against one account, from anywhere
 * @param accountFromAddress against one account from one address
 * @param network from one IPv4 /24 or one IPv6 /48 network
 * @param device against one account on a device on which its owner has logged in before
 * @param stuffing when passwords that were stolen elsewhere seem to be tried on many accounts
 * @param registration whether anybody may open an account; needs a mail server
 * @param rolesWithSecondFactor people with one of these roles get tokens only for a login by more than one factor
 */
@ConfigurationProperties("gatehouse.login")
record LoginProperties(
        @DefaultValue Address address,
        @DefaultValue Account account,
        @DefaultValue AccountFromAddress accountFromAddress,
        @DefaultValue Network network,
        @DefaultValue Device device,
        @DefaultValue Stuffing stuffing,
        @DefaultValue("false") boolean registration,
        @DefaultValue Set<String> rolesWithSecondFactor) {
    LoginProperties {
        rolesWithSecondFactor = Set.copyOf(rolesWithSecondFactor);
    }

    /** Failures from one address: many people may share it. */
    record Address(
            @DefaultValue("100") long burst,
            @DefaultValue("100") long refill,
            @DefaultValue("10m") Duration period) {
        Address {
            check("address", burst, refill, period);
        }

        Limit limit() {
            return new Limit("login-address", burst, refill, period);
        }
    }

    /** Failures against one account: somebody guesses from many addresses. */
    record Account(
            @DefaultValue("30") long burst,
            @DefaultValue("30") long refill,
            @DefaultValue("1h") Duration period) {
        Account {
            check("account", burst, refill, period);
        }

        Limit limit() {
            return new Limit("login-account", burst, refill, period);
        }
    }

    /** Failures against one account from one address: somebody guesses, or has forgotten. */
    record AccountFromAddress(
            @DefaultValue("10") long burst,
            @DefaultValue("10") long refill,
            @DefaultValue("10m") Duration period) {
        AccountFromAddress {
            check("account-from-address", burst, refill, period);
        }

        Limit limit() {
            return new Limit("login-account-from-address", burst, refill, period);
        }
    }

    /** Failures from the neighbourhood of an address: somebody has many of them. */
    record Network(
            @DefaultValue("1000") long burst,
            @DefaultValue("1000") long refill,
            @DefaultValue("10m") Duration period) {
        Network {
            check("network", burst, refill, period);
        }

        Limit limit() {
            return new Limit("login-network", burst, refill, period);
        }
    }

    /**
     * Failures on a known device, which count nowhere else.
     *
     * @param remembered how long a device is known after a login on it
     */
    record Device(
            @DefaultValue("10") long burst,
            @DefaultValue("10") long refill,
            @DefaultValue("30m") Duration period,
            @DefaultValue("180d") Duration remembered) {
        private static final Duration LONGEST = Duration.ofDays(400); // browsers keep no cookie longer

        Device {
            check("device", burst, refill, period);
            if (remembered.compareTo(Duration.ofDays(1)) < 0 || remembered.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("gatehouse.login.device.remembered must be between 1d and 400d");
            }
        }

        Limit limit() {
            return new Limit("login-device", burst, refill, period);
        }
    }

    /**
     * From when on a login on a device that is not known needs a second proof.
     *
     * @param failures how many different names failed in the window, at least
     * @param ratio the part of all different names that failed, at least
     */
    record Stuffing(
            @DefaultValue("100") long failures,
            @DefaultValue("0.5") double ratio,
            @DefaultValue("10m") Duration window) {
        Stuffing {
            boolean sound = failures >= 1
                    && ratio > 0
                    && ratio <= 1
                    && window.compareTo(Duration.ofMinutes(1)) >= 0
                    && window.compareTo(Duration.ofHours(1)) <= 0;
            if (!sound) {
                throw new IllegalArgumentException("gatehouse.login.stuffing needs failures of at least 1, a ratio"
                        + " above 0 and at most 1, and a window between 1m and 1h");
            }
        }
    }

    private static void check(String name, long burst, long refill, Duration period) {
        boolean sound = burst >= 1 && refill >= 1 && period.toSeconds() >= 1 && period.toDays() <= 1;
        if (!sound) {
            throw new IllegalArgumentException("gatehouse.login." + name
                    + " needs a burst and a refill of at least 1 and a period between 1s and 1d");
        }
    }
}
