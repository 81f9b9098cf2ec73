package dev.gatehouse.server.passkey;

import dev.gatehouse.server.keys.ServerSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Challenges for authenticators, each for one purpose in one browser, good once and for five minutes.
 *
 * <p>Nothing is stored when one is made, so whoever asks for many costs us nothing: it is 16 random bytes, the second in which
 * it ends, and an HMAC over both, its purpose and what it is bound to. Only its use is stored, which one statement
 * decides: {@code gh:passkey-challenge:<SHA-256 of the challenge, base64url>}, for ten minutes.
 */
@Component
final class Challenges {
    static final Duration LIFETIME = Duration.ofMinutes(5);

    /** The clocks of several servers differ. */
    private static final Duration REMEMBERED = LIFETIME.multipliedBy(2);

    private static final int RANDOM_BYTES = 16;

    private static final int SIGNED_BYTES = RANDOM_BYTES + Long.BYTES;

    private static final int BYTES = SIGNED_BYTES + 32;

    private final StringRedisTemplate redis;

    private final SecretKey key;

    private final InstantSource clock;

    private final SecureRandom random;

    Challenges(StringRedisTemplate redis, ServerSecret serverSecret, InstantSource clock, SecureRandom random) {
        this.redis = redis;
        this.key = serverSecret.macKey("passkey-challenges");
        this.clock = clock;
        this.random = random;
    }

    /** What a challenge is good for. */
    enum Purpose {
        /** To add a passkey to the account of who is logged in. */
        REGISTRATION,
        /** To log in by the passkey alone. */
        LOGIN,
        /** To confirm a login that a password has begun. */
        CONFIRMATION
    }

    /** @param boundTo what only this browser has, or this login of it */
    byte[] issue(Purpose purpose, String boundTo) {
        byte[] nonce = new byte[RANDOM_BYTES];
        random.nextBytes(nonce);
        long until = clock.instant().plus(LIFETIME).getEpochSecond();
        byte[] signed =
                ByteBuffer.allocate(SIGNED_BYTES).put(nonce).putLong(until).array();
        return ByteBuffer.allocate(BYTES)
                .put(signed)
                .put(mac(purpose, boundTo, signed))
                .array();
    }

    /** Uses the challenge up: of several at once exactly one caller hears that it was good. */
    boolean redeem(Purpose purpose, String boundTo, byte[] challenge) {
        if (challenge.length != BYTES) {
            return false;
        }
        byte[] signed = new byte[SIGNED_BYTES];
        byte[] mac = new byte[BYTES - SIGNED_BYTES];
        ByteBuffer.wrap(challenge).get(signed).get(mac);
        return MessageDigest.isEqual(mac, mac(purpose, boundTo, signed))
                && clock.instant().getEpochSecond() < ByteBuffer.wrap(signed).getLong(RANDOM_BYTES)
                && Boolean.TRUE.equals(redis.opsForValue().setIfAbsent(usedKey(challenge), "used", REMEMBERED));
    }

    private byte[] mac(Purpose purpose, String boundTo, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update((purpose + "\n" + boundTo + "\n").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }

    private static String usedKey(byte[] challenge) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(challenge);
            return "gh:passkey-challenge:"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
