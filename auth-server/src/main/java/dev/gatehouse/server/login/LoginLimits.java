package dev.gatehouse.server.login;

import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.web.IpAddresses;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The buckets that one login attempt draws on. */
@Component
final class LoginLimits {
    private final LoginProperties properties;

    LoginLimits(LoginProperties properties) {
        this.properties = properties;
    }

    /** @param device the device on which this person has logged in before: it has a budget of its own, which nobody else can use up */
    List<Bucket> of(LoginName name, String address, @Nullable String device) {
        if (device != null) {
            return List.of(new Bucket(properties.device().limit(), device));
        }
        String customer = IpAddresses.customer(address);
        return List.of(
                new Bucket(properties.address().limit(), customer),
                new Bucket(properties.network().limit(), IpAddresses.site(address)),
                new Bucket(properties.accountFromAddress().limit(), customer + " " + name.value()),
                new Bucket(properties.account().limit(), name.value()));
    }
}
