package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Refresh token families in Redis: {@code gh:family:{<grant id>}}, a hash that lives until the family's idle or absolute
 * expiry, whichever is nearer.
 *
 * <pre>
 * g  {"v":1,...}   the grant
 * c  web           its client
 * x  1771676000000 absolute expiry, milliseconds
 * e  1765109600000 expiry, absolute or idle, milliseconds
 * n  3             the current generation
 * d  x3Vb...       SHA-256 of the current token's secret, base64url
 * r  1763900000000 when the current token was issued, milliseconds
 * v  1-42          where the revocation log stood then
 * p  9cQk...       SHA-256 of the predecessor's secret
 * o  1             instead of all these: the family is over
 * </pre>
 *
 * Beside it, for the grace period after a rotation only, {@code gh:family:{<grant id>}:retry}: the current token's secret,
 * sealed under the predecessor's own secret. Its time to live is the grace period, so that Redis' one clock decides it,
 * however far the issuers' clocks are apart. The expiries, which are much longer, follow the clock of the issuer that is asked.
 *
 * <p>Every presentation is decided by one script. Reuse is decided without a write: the caller appends the rule to the
 * revocation log, whose effect is {@link #end}; a crash in between leaves the family as it was, and the next presentation
 * of an old token decides the same again.
 */
final class RedisRefreshTokens implements RefreshTokens {
    private static final int SECRET_BYTES = 32;

    /** For so long a family that was ended before it began does not begin: longer than any request takes. */
    private static final Duration END_REMEMBERED = Duration.ofMinutes(10);

    private static final RedisScript<Long> BEGIN = RedisScript.of("""
            if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
            redis.call('HSET', KEYS[1], 'g', ARGV[1], 'c', ARGV[2], 'x', ARGV[3], 'e', ARGV[4],
                       'n', '1', 'd', ARGV[5], 'r', ARGV[6])
            return redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[4]) - tonumber(ARGV[6]))
            """, Long.class);

    /** ARGV: client, generation, digest, successor's digest, sealed successor, now, idle lifetime, grace, log position. */
    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> ROTATE = RedisScript.of("""
            local f = redis.call('HMGET', KEYS[1], 'g', 'c', 'x', 'e', 'n', 'd', 'p', 'r', 'v')
            local now = tonumber(ARGV[6])
            if not f[1] or f[2] ~= ARGV[1] or now >= tonumber(f[4]) then return {'unknown'} end
            local presented, current = tonumber(ARGV[2]), tonumber(f[5])
            if presented > current then return {'unknown'} end
            if presented == current and ARGV[3] == f[6] then
              local expiry = math.min(tonumber(f[3]), now + tonumber(ARGV[7]))
              redis.call('HSET', KEYS[1], 'n', current + 1, 'd', ARGV[4], 'r', ARGV[6], 'p', ARGV[3], 'e', expiry,
                         'v', ARGV[9])
              redis.call('PEXPIRE', KEYS[1], expiry - now)
              redis.call('SET', KEYS[2], ARGV[5])
              redis.call('PEXPIRE', KEYS[2], ARGV[8])
              return {'rotated', f[1], ARGV[6], ARGV[9]}
            end
            if presented == current - 1 and ARGV[3] == f[7] then
              local sealed = redis.call('GET', KEYS[2])
              if sealed then return {'replayed', f[1], f[8], f[9], sealed} end
            end
            return {'reused', f[1]}
            """, List.class);

    private static final RedisScript<Long> END = RedisScript.of("""
            redis.call('DEL', KEYS[1], KEYS[2])
            redis.call('HSET', KEYS[1], 'o', '1')
            return redis.call('PEXPIRE', KEYS[1], ARGV[1])
            """, Long.class);

    private final StringRedisTemplate redis;

    private final RefreshToken.Format format;

    private final SuccessorSeal seal;

    private final SecureRandom random;

    private final InstantSource clock;

    private final TokenProperties properties;

    RedisRefreshTokens(
            StringRedisTemplate redis,
            RefreshToken.Format format,
            SecureRandom random,
            InstantSource clock,
            TokenProperties properties) {
        this.redis = redis;
        this.format = format;
        this.seal = new SuccessorSeal(random);
        this.random = random;
        this.clock = clock;
        this.properties = properties;
    }

    @Override
    public Secret begin(Grant grant) {
        Instant now = clock.instant();
        Instant absolute = now.plus(properties.refreshTokenAbsoluteLifetime());
        Instant idle = now.plus(properties.refreshTokenIdleLifetime());
        RefreshToken first = new RefreshToken(grant.id(), 1, newSecret());
        redis.execute(
                BEGIN,
                List.of(key(grant.id())),
                StoredGrant.write(StoredGrant.of(grant)),
                grant.clientId(),
                millis(absolute),
                millis(idle.isBefore(absolute) ? idle : absolute),
                digest(first.secret()),
                millis(now));
        return new Secret(format.write(first));
    }

    @Override
    public Rotation rotate(String presented, String clientId, String position) {
        return format.read(presented)
                .map(token -> rotate(token, clientId, position))
                .orElseGet(Unknown::new);
    }

    private Rotation rotate(RefreshToken token, String clientId, String position) {
        Instant now = clock.instant();
        byte[] successor = newSecret();
        List<?> answer = redis.execute(
                ROTATE,
                List.of(key(token.grantId()), retryKey(token.grantId())),
                clientId,
                Integer.toString(token.generation()),
                digest(token.secret()),
                digest(successor),
                seal.seal(token, successor),
                millis(now),
                millis(properties.refreshTokenIdleLifetime()),
                millis(properties.refreshTokenGrace()),
                position);
        return switch ((String) answer.get(0)) {
            case "rotated" -> new Rotated(grant(answer), successor(token, successor), moment(answer));
            case "replayed" ->
                new Replayed(grant(answer), successor(token, seal.open(token, (String) answer.get(4))), moment(answer));
            case "reused" -> new Reused(grant(answer));
            default -> new Unknown();
        };
    }

    private static Grant grant(List<?> answer) {
        return StoredGrant.read((String) answer.get(1), StoredGrant.class).grant();
    }

    private static IssueMoment moment(List<?> answer) {
        return new IssueMoment(instant((String) answer.get(2)), (String) answer.get(3));
    }

    private Secret successor(RefreshToken predecessor, byte[] secret) {
        return new Secret(format.write(new RefreshToken(predecessor.grantId(), predecessor.generation() + 1, secret)));
    }

    @Override
    public Optional<Presented> find(String presented) {
        return format.read(presented).flatMap(this::find);
    }

    private Optional<Presented> find(RefreshToken token) {
        List<String> fields =
                redis.<String, String>opsForHash().multiGet(key(token.grantId()), List.of("g", "d", "r", "e"));
        String grant = fields.get(0);
        if (grant == null) {
            return Optional.empty();
        }
        Presented presented = new Presented(
                StoredGrant.read(grant, StoredGrant.class).grant(),
                digest(token.secret()).equals(fields.get(1)),
                instant(fields.get(2)),
                instant(fields.get(3)));
        return Optional.of(presented).filter(p -> clock.instant().isBefore(p.expiresAt()));
    }

    @Override
    public void end(String grantId) {
        redis.execute(END, List.of(key(grantId), retryKey(grantId)), millis(END_REMEMBERED));
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static String millis(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }

    private byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    private static String digest(byte[] secret) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String key(String grantId) {
        return "gh:family:{" + grantId + "}";
    }

    private static String retryKey(String grantId) {
        return key(grantId) + ":retry";
    }
}
