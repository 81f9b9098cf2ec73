package dev.gatehouse.server.account;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Says what hashes passwords: in the info endpoint, and as a metric. */
final class PasswordInfo implements InfoContributor, MeterBinder {
    private final Argon2 argon2;

    PasswordInfo(Argon2 argon2) {
        this.argon2 = argon2;
    }

    @Override
    public void contribute(Info.Builder builder) {
        builder.withDetail("passwords", Map.of("argon2id", argon2.name()));
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("gatehouse.passwords.provider", () -> 1)
                .description("always 1; the tag says which library hashes passwords")
                .tag("provider", argon2.name())
                .register(meters);
    }
}
