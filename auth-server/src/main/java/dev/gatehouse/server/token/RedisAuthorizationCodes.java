package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Authorization codes in Redis: {@code gh:code:{<SHA-256 of the code, base64url>}}, a hash.
 *
 * <pre>
 * pending  {"v":1,...}    what the code stands for
 * jti      Xy...          once claimed: the access token that it was claimed for
 * family   1              once claimed: whether a refresh token family was begun under the grant's id
 * </pre>
 *
 * A claimed code is remembered for as long as what it gave may be alive and its second use worth noticing. A claim that the
 * Redis client sends again after a broken connection is the same claim: its {@code jti} tells.
 */
final class RedisAuthorizationCodes implements AuthorizationCodes {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(10);

    private static final RedisScript<Long> ISSUE = RedisScript.of("""
            redis.call('HSET', KEYS[1], 'pending', ARGV[1])
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            """, Long.class);

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> CLAIM = RedisScript.of("""
            local pending = redis.call('HGET', KEYS[1], 'pending')
            if not pending then return {} end
            local jti = redis.call('HGET', KEYS[1], 'jti')
            if jti and jti ~= ARGV[1] then return {pending, jti, redis.call('HGET', KEYS[1], 'family')} end
            redis.call('HSET', KEYS[1], 'jti', ARGV[1], 'family', ARGV[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            return {pending}
            """, List.class);

    private final StringRedisTemplate redis;

    private final SecureRandom random;

    private final Duration lifetime;

    private final Duration memory;

    RedisAuthorizationCodes(StringRedisTemplate redis, SecureRandom random, TokenProperties properties) {
        this.redis = redis;
        this.random = random;
        this.lifetime = properties.authorizationCodeLifetime();
        this.memory = properties.accessTokenLifetime().compareTo(SHORTEST_MEMORY) > 0
                ? properties.accessTokenLifetime()
                : SHORTEST_MEMORY;
    }

    /** The stored form. */
    private record StoredPending(
            int v,
            String id,
            String cid,
            StoredGrant grant,
            String uri,
            boolean given,
            @Nullable String cc) {
        static StoredPending of(Pending pending) {
            return new StoredPending(
                    1,
                    pending.grant().id(),
                    pending.grant().clientId(),
                    StoredGrant.of(pending.grant()),
                    pending.redirectUri(),
                    pending.redirectUriWasGiven(),
                    pending.codeChallenge());
        }

        Pending pending() {
            return new Pending(grant.grant(id, cid), uri, given, cc);
        }
    }

    @Override
    public Secret issue(Pending pending) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        redis.execute(
                ISSUE,
                List.of(key(code)),
                StoredGrant.write(StoredPending.of(pending)),
                Long.toString(lifetime.toMillis()));
        return new Secret(code);
    }

    @Override
    public Optional<Pending> peek(String code) {
        if (!CODE.matcher(code).matches()) {
            return Optional.empty();
        }
        String pending = redis.<String, String>opsForHash().get(key(code), "pending");
        return Optional.ofNullable(pending).map(RedisAuthorizationCodes::read);
    }

    @Override
    public Claim claim(String code, String jti, boolean refreshable) {
        if (!CODE.matcher(code).matches()) {
            return new NoSuchCode();
        }
        List<?> answer = redis.execute(
                CLAIM, List.of(key(code)), jti, refreshable ? "1" : "0", Long.toString(memory.toMillis()));
        return switch (answer.size()) {
            case 0 -> new NoSuchCode();
            case 1 -> new Claimed(read((String) answer.get(0)));
            default ->
                new ClaimedBefore(read((String) answer.get(0)), (String) answer.get(1), "1".equals(answer.get(2)));
        };
    }

    private static Pending read(String json) {
        return StoredGrant.read(json, StoredPending.class).pending();
    }

    private static String key(String code) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.US_ASCII));
            return "gh:code:{" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + "}";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
