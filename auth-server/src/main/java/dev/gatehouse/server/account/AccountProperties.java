package dev.gatehouse.server.account;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What password checks may take, and what a password must be.
 *
 * @param maxPasswordChecks how many run at once, each with 19 MiB of memory and a processor of its own; the number of
 *     processors unless set, and half of it where checks cannot leave the processors to others; people on known devices have half as
 *     many for themselves
 */
@ConfigurationProperties("gatehouse.account")
record AccountProperties(
        @Nullable Integer maxPasswordChecks, @DefaultValue Password password) {
    AccountProperties {
        if (maxPasswordChecks != null && (maxPasswordChecks < 1 || maxPasswordChecks > 1024)) {
            throw new IllegalArgumentException("gatehouse.account.max-password-checks must be between 1 and 1024");
        }
    }

    /** @param quiet whether checks leave the processors to whoever wants them */
    int passwordChecks(boolean quiet) {
        if (maxPasswordChecks != null) {
            return maxPasswordChecks;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return quiet ? processors : Math.max(1, processors / 2);
    }

    /**
     * What a new password must be.
     *
     * @param minLength in characters, however many bytes they take
     * @param refusedWords words that a password must not be, or have little around: the house's name, its products
     * @param breachedFile a list of breached passwords beside the one that comes with the server
     * @param rangeApi where Have I Been Pwned's range interface is; it is not asked unless set
     */
    record Password(
            @DefaultValue("8") int minLength,
            @DefaultValue List<String> refusedWords,
            @Nullable Path breachedFile,
            @Nullable URI rangeApi,
            @DefaultValue("800ms") Duration rangePatience) {

        private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

        private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

        Password {
            if (minLength < PasswordRules.SHORTEST_EVER || minLength > 64) {
                throw new IllegalArgumentException("gatehouse.account.password.min-length must be between 8 and 64");
            }
            if (rangeApi != null && !isUsable(rangeApi)) {
                throw new IllegalArgumentException(
                        "gatehouse.account.password.range-api must be an https address that ends in /");
            }
            if (rangePatience.compareTo(Duration.ofMillis(50)) < 0 || rangePatience.compareTo(LONGEST_PATIENCE) > 0) {
                throw new IllegalArgumentException(
                        "gatehouse.account.password.range-patience must be between 50ms and 5s");
            }
            refusedWords = List.copyOf(refusedWords);
        }

        private static boolean isUsable(URI address) {
            String host = address.getHost();
            boolean isSafe = "https".equals(address.getScheme())
                    || ("http".equals(address.getScheme()) && host != null && LOOPBACK.contains(host));
            return isSafe
                    && host != null
                    && address.getQuery() == null
                    && address.getPath().endsWith("/");
        }
    }
}
