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
 * @param registration whether anybody may open an account; needs a mail server
 * @param rolesWithSecondFactor people with one of these roles get tokens only for a login by more than one factor
 */
@ConfigurationProperties("gatehouse.login")
record LoginProperties(
        @DefaultValue Address address,
        @DefaultValue Account account,
        @DefaultValue AccountFromAddress accountFromAddress,
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

    private static void check(String name, long burst, long refill, Duration period) {
        boolean sound = burst >= 1 && refill >= 1 && period.toSeconds() >= 1 && period.toDays() <= 1;
        if (!sound) {
            throw new IllegalArgumentException("gatehouse.login." + name
                    + " needs a burst and a refill of at least 1 and a period between 1s and 1d");
        }
    }
}
