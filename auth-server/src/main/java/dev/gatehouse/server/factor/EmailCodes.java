package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.mail.Letter;
import dev.gatehouse.server.mail.Mails;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Codes by e-mail to a confirmed address, each for one pending login: {@code gh:email-code:{<digest of the login's id>}}, a hash
 * that lives ten minutes. A new code takes the old one's place; after five wrong tries it is dead.
 *
 * <pre>
 * code   HMAC of account, login and code
 * tries  how often one was typed
 * </pre>
 */
@Component
@Order(30)
public final class EmailCodes implements CodeFactor {
    private static final int DIGITS = 6;

    private static final int MOST = 1_000_000;

    private static final int TRIES = 5;

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final RedisScript<Long> KEEP = RedisScript.of("""
            redis.call('HSET', KEYS[1], 'code', ARGV[1], 'tries', '0')
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 1
            """, Long.class);

    private static final RedisScript<Long> TRY = RedisScript.of("""
            local code = redis.call('HGET', KEYS[1], 'code')
            if not code then return 0 end
            local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
            if code == ARGV[1] then redis.call('DEL', KEYS[1]) return 1 end
            if tries >= tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
            return 0
            """, Long.class);

    private static final String IS_ENROLLED = """
            select exists (select 1 from email_factors f join accounts a on a.id = f.account_id
                where a.id = :id and a.email is not null and a.email_verified)
            """;

    private final JdbcClient jdbc;

    private final StringRedisTemplate redis;

    private final Mails mails;

    private final RateLimiter rateLimiter;

    private final FactorProperties properties;

    private final SecretKey key;

    private final SecureRandom random;

    EmailCodes(
            JdbcClient jdbc,
            StringRedisTemplate redis,
            Mails mails,
            RateLimiter rateLimiter,
            FactorProperties properties,
            ServerSecret serverSecret,
            SecureRandom random) {
        this.jdbc = jdbc;
        this.redis = redis;
        this.mails = mails;
        this.rateLimiter = rateLimiter;
        this.properties = properties;
        this.key = serverSecret.macKey("email-codes");
        this.random = random;
    }

    @Override
    public String name() {
        return "email";
    }

    @Override
    public boolean needsRedis() {
        return true;
    }

    @Override
    public boolean isEnrolled(String accountId) {
        return jdbc.sql(IS_ENROLLED)
                .param("id", UUID.fromString(accountId))
                .query(Boolean.class)
                .single();
    }

    @Override
    public boolean canStandIn(Account account) {
        return mails.areSent() && account.email() != null && account.emailVerified();
    }

    public void enrol(String accountId) {
        jdbc.sql("insert into email_factors (account_id) values (:id) on conflict do nothing")
                .param("id", UUID.fromString(accountId))
                .update();
    }

    @Override
    public boolean remove(String accountId) {
        return jdbc.sql("delete from email_factors where account_id = :id")
                        .param("id", UUID.fromString(accountId))
                        .update()
                == 1;
    }

    /**
     * Sends a code for this login.
     *
     * @return when to ask again, if too many were sent already
     */
    public Optional<Duration> send(Account account, String loginId, Locale language) {
        String address = account.email();
        if (address == null || !account.emailVerified()) {
            return Optional.empty();
        }
        Bucket bucket = new Bucket(properties.letters().limit(), account.id());
        if (rateLimiter.acquire(List.of(bucket)) instanceof RateLimiter.Limited limited) {
            return Optional.of(limited.retryAfter());
        }
        String code = String.format("%0" + DIGITS + "d", random.nextInt(MOST));
        redis.execute(
                KEEP,
                List.of(key(loginId)),
                mac("code\n" + account.id() + "\n" + loginId + "\n" + code),
                Long.toString(LIFETIME.toMillis()));
        mails.send(new Letter(address, language, "login-code", Map.of("code", code)));
        return Optional.empty();
    }

    /** Whether a code for this login is on its way or was delivered, and can still be typed. */
    public boolean isSent(String loginId) {
        return Boolean.TRUE.equals(redis.hasKey(key(loginId)));
    }

    @Override
    public boolean accept(Account account, String loginId, String code) {
        Long right = redis.execute(
                TRY,
                List.of(key(loginId)),
                mac("code\n" + account.id() + "\n" + loginId + "\n" + code),
                Integer.toString(TRIES));
        return right != null && right == 1;
    }

    private String key(String loginId) {
        return "gh:email-code:{" + mac("login\n" + loginId) + "}";
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }
}
