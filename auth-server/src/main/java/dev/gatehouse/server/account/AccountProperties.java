package dev.gatehouse.server.account;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What password checks may take.
 *
 * @param maxPasswordChecks how many run at once, each with 19 MiB of memory and a processor of its own; the number of
 *     processors unless set
 */
@ConfigurationProperties("gatehouse.account")
record AccountProperties(@Nullable Integer maxPasswordChecks) {
    AccountProperties {
        if (maxPasswordChecks != null && (maxPasswordChecks < 1 || maxPasswordChecks > 1024)) {
            throw new IllegalArgumentException("gatehouse.account.max-password-checks must be between 1 and 1024");
        }
    }

    int passwordChecks() {
        return maxPasswordChecks == null ? Runtime.getRuntime().availableProcessors() : maxPasswordChecks;
    }
}
