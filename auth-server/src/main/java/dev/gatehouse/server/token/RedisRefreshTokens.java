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
 * Refresh token families in Redis: {@code gh:refresh:{<grant id>}}, one line of text that lives until the family's idle or
 * absolute expiry, whichever is nearer. Its words are
 *
 * <pre>
 * 3             the current generation
 * x3Vb...       SHA-256 of the current token's secret, base64url
 * 1763900000000 when the current token was issued, milliseconds
 * 1765109600000 expiry, absolute or idle, milliseconds
 * 1771676000000 absolute expiry, milliseconds
 * 1-42          where the revocation log stood then; - before the first rotation
 * web           the grant's client
 * {"v":1,...}   the rest of the grant, up to the end of the line
 * </pre>
 *
 * or {@code over}. One text takes 500 bytes for an ordinary grant; a hash takes 1,300, since a value of more than 64 bytes
 * makes it a real table.
 *
 * <p>Beside it, for the grace period after a rotation only, {@code gh:refresh:{<grant id>}:retry}: SHA-256 of the
 * predecessor's secret, and the current token's secret, sealed under the predecessor's own. Its time to live is the grace
 * period, so that Redis' one clock decides it, however far the issuers' clocks are apart. The expiries, which are much longer,
 * follow the clock of the issuer that is asked.
 *
 * <p>Every presentation is decided by one script. Reuse is decided without a write: the caller appends the rule to the
 * revocation log, whose effect is {@link #end}; a crash in between leaves the family as it was, and the next presentation
 * of an old token decides the same again.
 */
final class RedisRefreshTokens implements RefreshTokens {
    private static final int SECRET_BYTES = 32;

    /** For so long a family that was ended before it began does not begin: longer than any request takes. */
    private static final Duration END_REMEMBERED = Duration.ofMinutes(10);

    private static final String OVER = "over";

    /**
     * ARGV: client, generation, digest, successor's digest, sealed successor, now, idle lifetime, grace, log position, audience,
     * 1 if it was asked for, scopes.
     */
    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> ROTATE = RedisScript.of("""
            local family = redis.call('GET', KEYS[1])
            if not family then return {'unknown'} end
            local n, d, r, e, x, v, client, grant =
              string.match(family, '^(%d+) (%S+) (%d+) (%d+) (%d+) (%S+) (%S+) (.*)$')
            local now = tonumber(ARGV[6])
            if not n or client ~= ARGV[1] or now >= tonumber(e) then return {'unknown'} end
            local presented, current = tonumber(ARGV[2]), tonumber(n)
            if presented > current then return {'unknown'} end
            if presented == current and ARGV[3] == d then
              local granted, fits = cjson.decode(grant), false
              for i, audience in ipairs(granted.aud) do
                fits = fits or audience == ARGV[10] and (i == 1 or ARGV[11] == '1')
              end
              for scope in string.gmatch(ARGV[12], '%S+') do
                fits = fits and string.find(' ' .. granted.scp .. ' ', ' ' .. scope .. ' ', 1, true)
              end
              if not fits then return {'other', grant} end
              local expiry = math.min(tonumber(x), now + tonumber(ARGV[7]))
              local rotated = string.format('%d %s %s %.0f %s %s %s %s',
                                            current + 1, ARGV[4], ARGV[6], expiry, x, ARGV[9], client, grant)
              redis.call('SET', KEYS[1], rotated, 'PX', expiry - now)
              if tonumber(ARGV[8]) > 0 then redis.call('SET', KEYS[2], ARGV[3] .. ' ' .. ARGV[5], 'PX', ARGV[8]) end
              return {'rotated', grant, ARGV[6], ARGV[9]}
            end
            if presented == current - 1 then
              local p, sealed = string.match(redis.call('GET', KEYS[2]) or '', '^(%S+) (%S+)$')
              if p == ARGV[3] then return {'replayed', grant, r, v, sealed} end
            end
            return {'reused', grant}
            """, List.class);

    private static final RedisScript<Long> END = RedisScript.of("""
            redis.call('DEL', KEYS[2])
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1
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
        Instant expiry = idle.isBefore(absolute) ? idle : absolute;
        RefreshToken first = new RefreshToken(grant.id(), 1, newSecret());
        StoredFamily family = new StoredFamily(
                1, digest(first.secret()), now, expiry, absolute, grant.clientId(), StoredGrant.of(grant));
        redis.opsForValue().setIfAbsent(key(grant.id()), family.text(), Duration.between(now, expiry));
        return new Secret(format.write(first));
    }

    @Override
    public Rotation rotate(String presented, Terms terms, String position) {
        return format.read(presented)
                .map(token -> rotate(token, terms, position))
                .orElseGet(Unknown::new);
    }

    private Rotation rotate(RefreshToken token, Terms terms, String position) {
        Instant now = clock.instant();
        byte[] successor = newSecret();
        List<?> answer = redis.execute(
                ROTATE,
                List.of(key(token.grantId()), retryKey(token.grantId())),
                terms.clientId(),
                Integer.toString(token.generation()),
                digest(token.secret()),
                digest(successor),
                seal.seal(token, successor),
                millis(now),
                millis(properties.refreshTokenIdleLifetime()),
                millis(properties.refreshTokenGrace()),
                position,
                terms.audience(),
                terms.audienceWasAsked() ? "1" : "0",
                terms.scopes().toString());
        return switch ((String) answer.get(0)) {
            case "rotated" -> new Rotated(grant(answer, token, terms), successor(token, successor), moment(answer));
            case "replayed" ->
                new Replayed(
                        grant(answer, token, terms),
                        successor(token, seal.open(token, (String) answer.get(4))),
                        moment(answer));
            case "reused" -> new Reused(grant(answer, token, terms));
            case "other" -> new OnOtherTerms(grant(answer, token, terms));
            default -> new Unknown();
        };
    }

    private static Grant grant(List<?> answer, RefreshToken token, Terms terms) {
        return StoredGrant.read((String) answer.get(1), StoredGrant.class).grant(token.grantId(), terms.clientId());
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
        return Optional.ofNullable(redis.opsForValue().get(key(token.grantId())))
                .filter(text -> !text.equals(OVER))
                .map(StoredFamily::read)
                .filter(family -> clock.instant().isBefore(family.expiry()))
                .map(family -> family.presented(token.grantId(), digest(token.secret())));
    }

    @Override
    public void end(String grantId) {
        redis.execute(END, List.of(key(grantId), retryKey(grantId)), OVER, millis(END_REMEMBERED));
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
        return "gh:refresh:{" + grantId + "}";
    }

    private static String retryKey(String grantId) {
        return key(grantId) + ":retry";
    }
}
