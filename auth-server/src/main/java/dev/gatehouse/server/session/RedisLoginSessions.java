package dev.gatehouse.server.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Logins in Redis: {@code gh:login:{<sid>}}, a hash beside the browser's session, which is in another slot.
 *
 * <pre>
 * account   the sub
 * session   SHA-256 of the browser's session id
 * until     when the login expires of itself, milliseconds; moves on while the browser is used
 * latest    what until never goes beyond
 * ended     1 once it has ended
 * g:&lt;id&gt;    one for each grant that hangs on it
 * </pre>
 *
 * An expired login is remembered while its grants can live, an ended one for an hour: long enough for whoever reads its
 * revocation rule to end the grants again.
 */
final class RedisLoginSessions implements LoginSessions {
    static final String ATTRIBUTE = "login";

    private static final int SID_BYTES = 16;

    private static final Duration ENDED_KEPT = Duration.ofHours(1);

    private static final RedisScript<Long> BEGIN = RedisScript.of("""
            local fresh, account, session, now, idle, absolute = unpack(ARGV)
            local old = redis.call('HMGET', KEYS[1], 'account', 'ended')
            if fresh == '0' and (old[1] ~= account or old[2]) then return 0 end
            local latest = now + absolute
            redis.call('HSET', KEYS[1], 'account', account, 'session', session,
                'until', string.format('%.0f', now + idle), 'latest', string.format('%.0f', latest))
            if redis.call('PTTL', KEYS[1]) < tonumber(absolute) then redis.call('PEXPIRE', KEYS[1], absolute) end
            return 1
            """, Long.class);

    private static final RedisScript<Long> USE = RedisScript.of("""
            local now, idle = tonumber(ARGV[1]), tonumber(ARGV[2])
            local login = redis.call('HMGET', KEYS[1], 'until', 'latest', 'ended')
            if not login[1] or login[3] or tonumber(login[1]) <= now then return 0 end
            redis.call('HSET', KEYS[1], 'until', string.format('%.0f', math.min(now + idle, tonumber(login[2]))))
            return 1
            """, Long.class);

    private static final RedisScript<Long> ATTACH = RedisScript.of("""
            local now, grant, kept = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
            local login = redis.call('HMGET', KEYS[1], 'until', 'ended')
            if not login[1] or login[2] or tonumber(login[1]) <= now then return 0 end
            redis.call('HSET', KEYS[1], 'g:' .. grant, '1')
            if redis.call('PTTL', KEYS[1]) < kept then redis.call('PEXPIRE', KEYS[1], kept) end
            return 1
            """, Long.class);

    /** Answers with the digest of the browser's session and the grants; empty when there is no such login. */
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final RedisScript<List> END = RedisScript.of("""
            local fields = redis.call('HGETALL', KEYS[1])
            if #fields == 0 then return {} end
            local answer = {''}
            for i = 1, #fields, 2 do
                if fields[i] == 'session' then answer[1] = fields[i + 1]
                elseif string.sub(fields[i], 1, 2) == 'g:' then answer[#answer + 1] = string.sub(fields[i], 3) end
            end
            redis.call('HSET', KEYS[1], 'ended', '1')
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return answer
            """, List.class);

    private final StringRedisTemplate redis;

    private final RedisSessions sessions;

    private final BrowserInteractions interactions;

    private final SessionProperties properties;

    private final InstantSource clock;

    private final SecureRandom random;

    RedisLoginSessions(
            StringRedisTemplate redis,
            RedisSessions sessions,
            BrowserInteractions interactions,
            SessionProperties properties,
            InstantSource clock,
            SecureRandom random) {
        this.redis = redis;
        this.sessions = sessions;
        this.interactions = interactions;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    private static String key(String sid) {
        return "gh:login:{" + sid + "}";
    }

    @Override
    public Optional<LoginSession> current(HttpServletRequest request) {
        HttpSession browser = request.getSession(false);
        if (browser == null || !(browser.getAttribute(ATTRIBUTE) instanceof LoginSession login)) {
            return Optional.empty();
        }
        if (use(login.sid())) {
            return Optional.of(login);
        }
        browser.removeAttribute(ATTRIBUTE);
        browser.setMaxInactiveInterval(
                Math.toIntExact(properties.anonymousTimeout().toSeconds()));
        return Optional.empty();
    }

    private boolean use(String sid) {
        return isOne(redis.execute(USE, List.of(key(sid)), now(), millis(properties.idleTimeout())));
    }

    @Override
    public LoginSession start(HttpServletRequest request, String accountId, String username, List<String> amr) {
        Optional<LoginSession> before = current(request);
        HttpSession browser = request.getSession();
        request.changeSessionId();
        String digest = RedisSessions.digest(browser.getId());
        String sid = before.filter(login -> login.accountId().equals(accountId))
                .map(LoginSession::sid)
                .filter(same -> begin(same, false, accountId, digest))
                .orElse(null);
        if (sid == null) {
            sid = newSid();
            begin(sid, true, accountId, digest);
            interactions.forgetConsents(browser);
        }
        Instant authTime = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        LoginSession login = new LoginSession(sid, accountId, username, authTime, amr, acr(amr));
        browser.setMaxInactiveInterval(Math.toIntExact(properties.idleTimeout().toSeconds()));
        browser.setAttribute(ATTRIBUTE, login);
        return login;
    }

    /** ISO/IEC 29115 levels, as OpenID Connect Core section 2 suggests: one factor, or more than one. */
    private static String acr(List<String> amr) {
        return amr.contains("mfa") ? "2" : "1";
    }

    private boolean begin(String sid, boolean fresh, String accountId, String digest) {
        return isOne(redis.execute(
                BEGIN,
                List.of(key(sid)),
                fresh ? "1" : "0",
                accountId,
                digest,
                now(),
                millis(properties.idleTimeout()),
                millis(properties.absoluteTimeout())));
    }

    private String newSid() {
        byte[] bytes = new byte[SID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public boolean isAlive(String sid) {
        List<String> login = redis.<String, String>opsForHash().multiGet(key(sid), List.of("until", "ended"));
        String until = login.get(0);
        return until != null && login.get(1) == null && Long.parseLong(until) > clock.millis();
    }

    @Override
    public boolean canEnd(String sid) {
        List<String> login = redis.<String, String>opsForHash().multiGet(key(sid), List.of("until", "ended"));
        return login.get(0) != null && login.get(1) == null;
    }

    @Override
    public boolean attachGrant(String sid, String grantId) {
        return isOne(redis.execute(ATTACH, List.of(key(sid)), now(), grantId, millis(properties.grantsKept())));
    }

    @Override
    public Set<String> end(String sid) {
        List<?> answer = redis.execute(END, List.of(key(sid)), millis(ENDED_KEPT));
        if (answer == null || answer.isEmpty()) {
            return Set.of();
        }
        sessions.deleteByDigest(String.valueOf(answer.getFirst()));
        Set<String> grants = new HashSet<>();
        answer.stream().skip(1).forEach(grant -> grants.add(String.valueOf(grant)));
        return grants;
    }

    private String now() {
        return Long.toString(clock.millis());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static boolean isOne(@Nullable Long answer) {
        return answer != null && answer == 1;
    }
}
