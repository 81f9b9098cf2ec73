package dev.gatehouse.server.protocol;

import dev.gatehouse.server.ratelimit.Limit;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limits of the endpoints that clients call.
 *
 * @param client requests of one client to the token endpoint
 * @param clientFailures failed client authentications from one address
 */
@ConfigurationProperties("gatehouse.protocol")
record ProtocolProperties(
        @DefaultValue Client client, @DefaultValue ClientFailures clientFailures) {
    /** This limit keeps a client from crowding out the others: a server need not tell the others of each permit. */
    private static final int PORTIONS = 20;

    /** Permits in a full bucket, and how many come back each second. */
    record Client(
            @DefaultValue("600") int burst,
            @DefaultValue("100") int perSecond) {
        Client {
            check("client", burst, perSecond);
        }

        Limit limit() {
            return new Limit("token-client", burst, perSecond, Duration.ofSeconds(1), Math.max(1, burst / PORTIONS));
        }
    }

    /** Permits in a full bucket, and how many come back each second. */
    record ClientFailures(
            @DefaultValue("200") int burst,
            @DefaultValue("5") int perSecond) {
        ClientFailures {
            check("client-failures", burst, perSecond);
        }

        Limit limit() {
            return new Limit("client-failures-address", burst, perSecond, Duration.ofSeconds(1));
        }
    }

    private static void check(String name, int burst, int perSecond) {
        if (burst < 1 || perSecond < 1) {
            throw new IllegalArgumentException(
                    "gatehouse.protocol." + name + " needs a burst and a per-second of at least 1");
        }
    }
}
