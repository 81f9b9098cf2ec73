package dev.gatehouse.verifier;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** By which a running verifier is told from the others in receipts. */
final class InstanceName {

    private static final Pattern GOOD = Pattern.compile("[A-Za-z0-9._:@-]{1,128}");
    private static final int LONGEST_HOST = 100;

    private InstanceName() {}

    static boolean isGood(String name) {
        return GOOD.matcher(name).matches();
    }

    /** For example {@code orders-7d9f.1c2e4a}: two instances on one host have different ones. */
    static String of(@Nullable String host, RandomGenerator random) {
        String suffix = String.format("%06x", random.nextInt(1 << 24));
        return host != null && host.length() <= LONGEST_HOST && isGood(host) ? host + "." + suffix : suffix;
    }
}
