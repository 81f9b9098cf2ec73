package dev.gatehouse.server.session;

import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * began     when the person logged in, milliseconds
 * used      when the browser was here last, milliseconds
 * address   where from
 * device    what the browser says that it is
 * g:&lt;id&gt;    one for each grant that hangs on it: 0 and the client, as in 0 web
 * j:&lt;jti&gt;   one for each access token without a grant: when it expires, milliseconds, and the client
 * c:&lt;id&gt;    one for each client that ever got a token in it
 * </pre>
 *
 * {@code gh:logins:{<account>}}, a sorted set, has the sids of a person by the time when they are forgotten.
 *
 * An expired login is remembered while its grants can live, an ended one for an hour: long enough for whoever reads its
 * revocation rule to end the grants again.
 */
final class RedisLoginSessions implements LoginSessions {
    static final String ATTRIBUTE = "login";

    private static final int SID_BYTES = 16;

    static final String GRANT = "g:";

    static final String TOKEN = "j:";

    private static final String CLIENT = "c:";

    private static final Duration ENDED_KEPT = Duration.ofHours(1);

    private static final RedisScript<Long> BEGIN = RedisScript.of("""
            local how, account, session, now, idle, absolute, began, address, device = unpack(ARGV)
            local old = redis.call('HMGET', KEYS[1], 'account', 'ended')
            if how == 'again' and (old[1] ~= account or old[2]) then return 0 end
            if how == 'carry on' and (old[1] and old[1] ~= account or old[2]) then return 0 end
            local latest = now + absolute
            redis.call('HSET', KEYS[1], 'account', account, 'session', session,
                'until', string.format('%.0f', now + idle), 'latest', string.format('%.0f', latest),
                'began', began, 'used', now, 'address', address, 'device', device)
            if redis.call('PTTL', KEYS[1]) < tonumber(absolute) then redis.call('PEXPIRE', KEYS[1], absolute) end
            return 1
            """, Long.class);

    private static final RedisScript<Long> USE = RedisScript.of("""
            local now, idle, address = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
            local login = redis.call('HMGET', KEYS[1], 'until', 'latest', 'ended')
            if not login[1] or login[3] or tonumber(login[1]) <= now then return 0 end
            redis.call('HSET', KEYS[1], 'until', string.format('%.0f', math.min(now + idle, tonumber(login[2]))),
                'used', ARGV[1], 'address', address)
            return 1
            """, Long.class);

    private static final RedisScript<String> ATTACH = RedisScript.of("""
            local now, field, value, kept, client = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
            local login = redis.call('HMGET', KEYS[1], 'until', 'ended', 'account')
            if not login[1] or login[2] or tonumber(login[1]) <= now then return '' end
            if redis.call('HLEN', KEYS[1]) > 40 then
                local fields = redis.call('HGETALL', KEYS[1])
                for i = 1, #fields, 2 do
                    local over = string.sub(fields[i], 1, 2) == 'j:' and tonumber(string.match(fields[i + 1], '^%d+'))
                    if over and over < now then redis.call('HDEL', KEYS[1], fields[i]) end
                end
            end
            redis.call('HSET', KEYS[1], field, value, 'c:' .. client, '1')
            if redis.call('PTTL', KEYS[1]) < kept then redis.call('PEXPIRE', KEYS[1], kept) end
            return login[3]
            """, String.class);

    /** Notes a login of a person, forgets those whose time is over, and keeps the set as long as the last of them. */
    private static final RedisScript<Long> INDEX = RedisScript.of("""
            local sid, now, forgotten = ARGV[1], ARGV[2], ARGV[3]
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
            local before = redis.call('ZSCORE', KEYS[1], sid)
            if not before or tonumber(before) < tonumber(forgotten) then redis.call('ZADD', KEYS[1], forgotten, sid) end
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', tonumber(last[2])))
            return 1
            """, Long.class);

    /** Answers with the digest of the browser's session, the account, the grants and the clients; empty when there is no such login. */
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final RedisScript<List> END = RedisScript.of("""
            local fields = redis.call('HGETALL', KEYS[1])
            if #fields == 0 then return {} end
            local answer = {'', ''}
            for i = 1, #fields, 2 do
                if fields[i] == 'session' then answer[1] = fields[i + 1]
                elseif fields[i] == 'account' then answer[2] = fields[i + 1]
                elseif string.find(fields[i], '^[gc]:') then answer[#answer + 1] = fields[i] end
            end
            redis.call('HSET', KEYS[1], 'ended', '1')
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return answer
            """, List.class);

    private final StringRedisTemplate redis;

    private final RedisSessions sessions;

    private final BrowserInteractions interactions;

    private final SessionProperties properties;

    private final ClientAddress clientAddress;

    private final RememberedBrowsers remembered;

    private final LoginSummaries summaries;

    private final InstantSource clock;

    private final SecureRandom random;

    RedisLoginSessions(
            StringRedisTemplate redis,
            RedisSessions sessions,
            BrowserInteractions interactions,
            RememberedBrowsers remembered,
            SessionProperties properties,
            ClientAddress clientAddress,
            InstantSource clock,
            SecureRandom random) {
        this.redis = redis;
        this.sessions = sessions;
        this.interactions = interactions;
        this.properties = properties;
        this.clientAddress = clientAddress;
        this.remembered = remembered;
        this.summaries = new LoginSummaries(redis, remembered, new Places(properties.placesFile()), clock);
        this.clock = clock;
        this.random = random;
    }

    static String key(String sid) {
        return "gh:login:{" + sid + "}";
    }

    static String indexKey(String accountId) {
        return "gh:logins:{" + accountId + "}";
    }

    @Override
    public Optional<LoginSession> current(HttpServletRequest request) {
        HttpSession browser = request.getSession(false);
        if (browser == null || !(browser.getAttribute(ATTRIBUTE) instanceof LoginSession login)) {
            return Optional.empty();
        }
        if (use(login.sid(), clientAddress.of(request))) {
            return Optional.of(login);
        }
        browser.removeAttribute(ATTRIBUTE);
        browser.setMaxInactiveInterval(
                Math.toIntExact(properties.anonymousTimeout().toSeconds()));
        return Optional.empty();
    }

    private boolean use(String sid, String address) {
        return isOne(redis.execute(USE, List.of(key(sid)), now(), millis(properties.idleTimeout()), address));
    }

    @Override
    public LoginSession start(HttpServletRequest request, String accountId, String username, List<String> amr) {
        Optional<LoginSession> before = current(request);
        HttpSession browser = request.getSession();
        request.changeSessionId();
        String digest = RedisSessions.digest(browser.getId());
        String sid = before.filter(login -> login.accountId().equals(accountId))
                .map(LoginSession::sid)
                .filter(same -> begin(same, "again", accountId, digest, clock.instant(), request))
                .orElse(null);
        if (sid == null) {
            sid = newSid();
            // Known before it is there: a login that nobody can find could not be ended.
            index(accountId, sid, properties.absoluteTimeout());
            begin(sid, "new", accountId, digest, clock.instant(), request);
            interactions.forgetConsents(browser);
        }
        Instant authTime = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return logIn(browser, new LoginSession(sid, accountId, username, authTime, amr, acr(amr)));
    }

    @Override
    public Optional<LoginSession> carryOn(HttpServletRequest request, RememberedBrowser remembered, String username) {
        String sid = remembered.sid();
        String account = remembered.accountId();
        HttpSession browser = request.getSession();
        request.changeSessionId();
        String digest = RedisSessions.digest(browser.getId());
        index(account, sid, properties.absoluteTimeout());
        if (!begin(sid, "carry on", account, digest, remembered.begunAt(), request)) {
            return Optional.empty();
        }
        // Whoever ended it before it was there again has ended what is remembered as well.
        if (!this.remembered.isKept(sid)) {
            end(sid);
            return Optional.empty();
        }
        interactions.forgetConsents(browser);
        return Optional.of(logIn(
                browser,
                new LoginSession(
                        sid, account, username, remembered.authTime(), remembered.amr(), LoginSession.REMEMBERED)));
    }

    private LoginSession logIn(HttpSession browser, LoginSession login) {
        browser.setMaxInactiveInterval(Math.toIntExact(properties.idleTimeout().toSeconds()));
        browser.setAttribute(ATTRIBUTE, login);
        return login;
    }

    /** ISO/IEC 29115 levels, as OpenID Connect Core section 2 suggests: one factor, or more than one. */
    private static String acr(List<String> amr) {
        return amr.contains("mfa") ? "2" : "1";
    }

    private void index(String accountId, String sid, Duration kept) {
        redis.execute(INDEX, List.of(indexKey(accountId)), sid, now(), Long.toString(clock.millis() + kept.toMillis()));
    }

    private boolean begin(
            String sid, String how, String accountId, String digest, Instant began, HttpServletRequest request) {
        String userAgent = request.getHeader("User-Agent");
        return isOne(redis.execute(
                BEGIN,
                List.of(key(sid)),
                how,
                accountId,
                digest,
                now(),
                millis(properties.idleTimeout()),
                millis(properties.absoluteTimeout()),
                Long.toString(began.toEpochMilli()),
                clientAddress.of(request),
                Device.of(userAgent == null ? "" : userAgent).text()));
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
    public boolean attachGrant(String sid, String grantId, String clientId) {
        return attach(sid, GRANT + grantId, "0", clientId, properties.grantsKept());
    }

    @Override
    public boolean attachToken(String sid, String jti, String clientId, Instant expires) {
        return attach(sid, TOKEN + jti, Long.toString(expires.toEpochMilli()), clientId, properties.absoluteTimeout());
    }

    private boolean attach(String sid, String field, String until, String clientId, Duration kept) {
        String account =
                redis.execute(ATTACH, List.of(key(sid)), now(), field, until + " " + clientId, millis(kept), clientId);
        if (account == null || account.isEmpty()) {
            return false;
        }
        index(account, sid, kept);
        return true;
    }

    @Override
    public List<SessionSummary> of(String accountId) {
        return summaries.of(accountId);
    }

    @Override
    public Optional<EndedSession> end(String sid) {
        Optional<EndedSession> ended = endNow(sid);
        // A browser that was carrying it on at this moment may have begun it once more.
        return remembered.forget(sid) ? endNow(sid).or(() -> ended) : ended;
    }

    private Optional<EndedSession> endNow(String sid) {
        List<?> answer = redis.execute(END, List.of(key(sid)), millis(ENDED_KEPT));
        if (answer == null || answer.isEmpty()) {
            return Optional.empty();
        }
        String account = String.valueOf(answer.get(1));
        sessions.deleteByDigest(String.valueOf(answer.getFirst()));
        redis.opsForZSet().remove(indexKey(account), sid);
        return Optional.of(new EndedSession(sid, account, named(answer, GRANT), named(answer, CLIENT)));
    }

    private static Set<String> named(List<?> fields, String prefix) {
        return fields.stream()
                .skip(2)
                .map(String::valueOf)
                .filter(field -> field.startsWith(prefix))
                .map(field -> field.substring(prefix.length()))
                .collect(Collectors.toSet());
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
