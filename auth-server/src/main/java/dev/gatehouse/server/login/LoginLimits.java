package dev.gatehouse.server.login;

import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.web.IpAddresses;
import java.net.Inet6Address;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** The buckets that one login attempt draws on. */
@Component
final class LoginLimits {
    /** The least that a provider gives to one customer; whoever has it has all its addresses. */
    private static final int IPV6_CUSTOMER_BITS = 64;

    private final LoginProperties properties;

    LoginLimits(LoginProperties properties) {
        this.properties = properties;
    }

    List<Bucket> of(String username, String address) {
        String network = network(address);
        String account = account(username);
        return List.of(
                new Bucket(properties.address().limit(), network),
                new Bucket(properties.accountFromAddress().limit(), network + " " + account),
                new Bucket(properties.account().limit(), account));
    }

    private static String network(String address) {
        return IpAddresses.parse(address)
                .map(parsed -> parsed instanceof Inet6Address
                        ? IpAddresses.network(parsed, IPV6_CUSTOMER_BITS)
                        : parsed.getHostAddress())
                .orElse(address);
    }

    /** All spellings that could name one account count as one. */
    private static String account(String username) {
        String folded = Normalizer.normalize(username, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC).strip();
    }
}
