package dev.gatehouse.server.ratelimit;

import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.stereotype.Component;

/**
 * What a bucket is called: {@code gh:limit:} and a keyed digest, for example
 * {@code gh:limit:pTq0bV3hZ1uQm8u0x1y2yA}. The digest covers the limit's numbers too, so a changed limit begins with full
 * buckets, and it tells nobody who reads Redis which addresses and names were seen.
 */
@Component
final class BucketNames {
    private static final int DIGEST_BYTES = 16;

    private final SecretKey key;

    BucketNames(ServerSecret serverSecret) {
        this.key = serverSecret.macKey("rate-limit");
    }

    String of(Bucket bucket) {
        Limit limit = bucket.limit();
        String text =
                limit.name() + "|" + limit.burst() + "|" + limit.refill() + "|" + limit.period() + "|" + bucket.key();
        byte[] digest = mac(text.getBytes(StandardCharsets.UTF_8));
        return "gh:limit:"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(digest, DIGEST_BYTES));
    }

    private byte[] mac(byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
