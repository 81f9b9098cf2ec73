package dev.gatehouse.server.factor;

import dev.gatehouse.server.ratelimit.Limit;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often a second factor may be tried in vain. A try that succeeds does not count.
 *
 * @param account one factor of one account, from anywhere
 * @param address one factor from one IPv4 address or one IPv6 /64 network, over all accounts
 * @param letters codes by e-mail to one account
 */
@ConfigurationProperties("gatehouse.factor")
record FactorProperties(
        @DefaultValue Account account,
        @DefaultValue Address address,
        @DefaultValue Letters letters) {

    /** Wrong codes of one factor of one account: who has the password and guesses is right once in some years. */
    record Account(
            @DefaultValue("5") long burst,
            @DefaultValue("5") long refill,
            @DefaultValue("1h") Duration period) {
        Account {
            check("account", burst, refill, period);
        }

        Limit limit() {
            return new Limit("factor-account", burst, refill, period);
        }
    }

    /** Wrong codes from one address. */
    record Address(
            @DefaultValue("60") long burst,
            @DefaultValue("60") long refill,
            @DefaultValue("10m") Duration period) {
        Address {
            check("address", burst, refill, period);
        }

        Limit limit() {
            return new Limit("factor-address", burst, refill, period);
        }
    }

    /** Letters with a code: nobody's mailbox is flooded by whoever has their password. */
    record Letters(
            @DefaultValue("5") long burst,
            @DefaultValue("5") long refill,
            @DefaultValue("1h") Duration period) {
        Letters {
            check("letters", burst, refill, period);
        }

        Limit limit() {
            return new Limit("factor-letters", burst, refill, period);
        }
    }

    private static void check(String name, long burst, long refill, Duration period) {
        boolean sound = burst >= 1 && refill >= 1 && period.toSeconds() >= 1 && period.toDays() <= 1;
        if (!sound) {
            throw new IllegalArgumentException("gatehouse.factor." + name
                    + " needs a burst and a refill of at least 1 and a period between 1s and 1d");
        }
    }
}
